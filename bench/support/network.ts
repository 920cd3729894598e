import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** A public address that stands for all customers. Nothing is ever sent there. */
const CUSTOMERS = '93.184.215.14';

/**
 * Lets the sender reach the receivers on loopback by public names, as its guard of addresses demands: every name has one
 * public address, and a connection to that one goes to 127.0.0.1 and says otherwise. Call it before the handler is loaded.
 */
export function leadCustomersToLoopback(): void {
  // Made once: what it is compared with resolves names at no cost too.
  const noAddress = new Error('ENODATA');
  Object.assign(dns.promises.Resolver.prototype, {
    resolve4: () => Promise.resolve([CUSTOMERS]),
    resolve6: () => Promise.reject(noAddress),
  });
  const connect = net.connect;
  net.connect = ((options: net.NetConnectOpts & { host?: string }, ...rest: never[]) => {
    if (options.host !== CUSTOMERS) return connect(options, ...rest);
    const socket = connect({ ...options, host: '127.0.0.1' } as net.NetConnectOpts);
    return Object.defineProperty(socket, 'remoteAddress', { value: CUSTOMERS });
  }) as typeof net.connect;
  syncBuiltinESMExports();
}
