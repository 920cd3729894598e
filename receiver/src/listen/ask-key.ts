import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks for the API key, and shows nothing of what is typed. */
export async function askKey(): Promise<string> {
  const { stdin, stdout } = process;
  stdout.write('API key of your organization: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', (line) => resolve(line.trim()));
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    stdout.write('\n');
  }
}
