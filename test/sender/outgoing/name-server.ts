import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIP } from 'node:net';

/** What a name server does with a question: answer with addresses, fail, or say nothing. */
export type Reply = string[] | 'SERVFAIL' | 'NXDOMAIN' | 'silence';

/** A name server on loopback whose answers a test decides. */
export interface NameServer {
  /** For `Resolver.setServers`. */
  address: string;
  /** Datagrams so far about the name that was asked for first, by family. */
  asked: { A: number; AAAA: number };
  close(): Promise<void>;
}

const FAMILIES: Record<number, 'A' | 'AAAA'> = { 1: 'A', 28: 'AAAA' };
const RCODES = { SERVFAIL: 2, NXDOMAIN: 3 };

/** @param reply what is said to the nth datagram (from 1) of a family, about a name; a promise answers when it is there. */
export async function startNameServer(
  reply: (family: 'A' | 'AAAA', nth: number, name: string) => Reply | Promise<Reply>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked = { A: 0, AAAA: 0 };
  let first: string | undefined;
  let closed = false;
  socket.on('message', (question: Buffer, from: RemoteInfo) => {
    const family = FAMILIES[question.readUInt16BE(endOfName(question) + 1)];
    if (family === undefined) return;
    const name = nameIn(question);
    first ??= name;
    if (name === first) asked[family] += 1;
    void Promise.resolve(reply(family, asked[family], name)).then((what) => {
      const answer = answerTo(question, what);
      if (answer && !closed) socket.send(answer, from.port, from.address);
    });
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close() {
      closed = true;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}

/** RFC 1035 §4.1: the question repeated, with a resource record for each address. */
function answerTo(question: Buffer, reply: Reply): Buffer | undefined {
  if (reply === 'silence') return undefined;
  const end = endOfName(question) + 5;
  const head = Buffer.from(question.subarray(0, end));
  const addresses = Array.isArray(reply) ? reply : [];
  head.writeUInt16BE(0x8180 | (Array.isArray(reply) ? 0 : RCODES[reply]), 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...addresses.map(record)]);
}

function record(address: string): Buffer {
  const data =
    isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : Buffer.from(address.replaceAll(':', ''), 'hex');
  const fields = Buffer.alloc(12);
  fields.writeUInt16BE(0xc00c, 0);
  fields.writeUInt16BE(isIP(address) === 4 ? 1 : 28, 2);
  fields.writeUInt16BE(1, 4);
  fields.writeUInt32BE(60, 6);
  fields.writeUInt16BE(data.length, 10);
  return Buffer.concat([fields, data]);
}

/** The question's name: labels, each behind its length. */
function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; question[at] !== 0; at += question[at]! + 1) {
    labels.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
  }
  return labels.join('.').toLowerCase();
}

/** Index of the byte that ends the question's name. */
function endOfName(question: Buffer): number {
  return question.indexOf(0, 12);
}
