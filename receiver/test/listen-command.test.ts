import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProgress } from '../src/listen/progress.ts';

// `posthorn-receiver listen` as it is typed: a process of its own, a Posthorn and a target that speak HTTP.

const CLI = join(import.meta.dirname, '../src/listen/cli.ts');
const KEY = 'phk_test';

const servers: Server[] = [];
const processes: ChildProcess[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const process of processes.splice(0)) process.kill('SIGKILL');
});

async function serve(
  listener: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => listener(request, response, Buffer.concat(chunks)));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command. @param watch sees its output grow. */
function run(
  words: string[],
  env: Record<string, string> = {},
  watch: (out: string, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  // What Node has compiled is kept: half of what the command takes until it begins.
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [CLI, ...words], {
    env: { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
    watch(out, child);
  });
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** A Posthorn with these answers, by path. */
const posthorn = (answers: Record<string, (body: Buffer) => [number, unknown]>) =>
  serve((request, response, body) => {
    const { pathname } = new URL(request.url!, 'http://x');
    const [status, answer] =
      request.headers.authorization === `Bearer ${KEY}`
        ? (answers[pathname]?.(body) ?? [
            404,
            { detail: 'Nothing has this id, or it belongs to another organization.' },
          ])
        : [401, { detail: 'A valid API key is needed.' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });

const SUBSCRIPTION = '/v1/subscriptions/sub_1';
const pulled = (): [number, unknown] => [200, { id: 'sub_1', delivery: 'pull' }];

describe('listen', () => {
  it('passes headers and body on byte for byte, acknowledges, and ends with Ctrl-C', async () => {
    const body = '{"text":"Grüße 👋","big":9007199254740993}';
    const headers = {
      'webhook-id': 'evt_1',
      'Axle-Signature': 't=1,v1=ab',
      'content-type': 'application/json',
      'user-agent': 'Posthorn/1',
    };
    const acks: unknown[] = [];
    const url = await posthorn({
      '/v1/subscriptions': () => [200, { data: [{ id: 'sub_1', delivery: 'pull' }] }],
      [`${SUBSCRIPTION}/feed`]: () => [
        200,
        acks.length > 0
          ? { data: [], page: null, next: null }
          : { data: [{ id: 'evt_1', headers, body }], page: 'p1', next: null },
      ],
      [`${SUBSCRIPTION}/feed/ack`]: (sent) => {
        acks.push(JSON.parse(String(sent)));
        return [200, { acknowledged: 1 }];
      },
    });
    const seen: { method: string; path: string; headers: string[]; body: string }[] = [];
    let child: ChildProcess | undefined;
    const target = await serve((request, response, received) => {
      seen.push({ method: request.method!, path: request.url!, headers: request.rawHeaders, body: String(received) });
      response.writeHead(201).end();
      setImmediate(() => child?.kill('SIGINT'));
    });

    const ended = await run(
      ['listen', '--forward', `${target}/hook?x=1`, '--url', `${url}/`],
      { POSTHORN_API_KEY: KEY },
      (_, running) => (child = running),
    );

    expect(ended.err).toBe('');
    expect([ended.code, acks]).toEqual([0, [{ through: 'evt_1', page: 'p1' }]]);
    expect(seen).toMatchObject([{ method: 'POST', path: '/hook?x=1', body }]);
    const pairs = Object.fromEntries(
      Array.from(
        { length: seen[0]!.headers.length / 2 },
        (_, n) => seen[0]!.headers.slice(2 * n, 2 * n + 2) as [string, string],
      ),
    );
    expect(pairs).toEqual({
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
      Host: new URL(target).host,
      Connection: expect.any(String) as string,
    });
    expect(ended.out).toMatch(/forwarding sub_1 to http.*\n(.*\n)*.*ended; 1 forwarded\n$/);
    expect(ended.out).not.toContain(KEY);
  });

  it('goes on trying while the target is down, or too slow', async () => {
    let fetched = 0;
    const url = await posthorn({
      [SUBSCRIPTION]: pulled,
      [`${SUBSCRIPTION}/feed`]: () => {
        fetched += 1;
        return [200, { data: [{ id: 'evt_1', headers: {}, body: '{}' }], page: 'p1', next: null }];
      },
    });
    const slow = await serve(() => undefined);
    const words = ['listen', '--url', url, '--subscription', 'sub_1', '--timeout', '1'];
    const stopAt = (text: string) => (out: string, child: ChildProcess) =>
      void (out.includes(text) && child.kill('SIGINT'));

    const down = await run(
      [...words, '--forward', 'http://127.0.0.1:9/'],
      { POSTHORN_API_KEY: KEY },
      stopAt('(try 1)'),
    );
    const late = await run([...words, '--forward', slow], { POSTHORN_API_KEY: KEY }, stopAt('(try 1)'));

    expect(down.out).toContain('evt_1: the target failed: ECONNREFUSED (try 1); again in 1 s');
    expect(late.out).toContain('evt_1: the target failed: no answer in 1 s (try 1); again in 1 s');
    expect([down.code, late.code, fetched]).toEqual([0, 0, 2]);
    for (const { out } of [down, late]) expect(out).toContain('ended; 0 forwarded');
  });

  it('waits for a Posthorn that is not there yet', async () => {
    const gone = await serve(() => undefined);
    servers.pop()!.close();

    const { code, out } = await run(
      ['listen', '--url', gone, '--forward', gone],
      { POSTHORN_API_KEY: KEY },
      (text, child) => void (text.includes('again in') && child.kill('SIGINT')),
    );

    expect(code).toBe(0);
    expect(out).toMatch(/Posthorn does not answer at .* \(ECONNREFUSED\); again in 5 s/);
  });

  it.each([
    ['a wrong key', ['--subscription', 'sub_1'], 'phk_wrong', 'answered 401'],
    ['a subscription that is not there', ['--subscription', 'sub_2'], KEY, 'answered 404: Nothing has this id'],
    ['a subscription that is sent to', ['--subscription', 'sub_3'], KEY, 'sub_3 has delivery "push"'],
    ['no subscription that is fetched', [], KEY, 'this key sees none'],
  ])('refuses %s', async (_what, words, key, message) => {
    const url = await posthorn({
      [SUBSCRIPTION]: pulled,
      '/v1/subscriptions/sub_3': () => [200, { id: 'sub_3', delivery: 'push' }],
      '/v1/subscriptions': () => [200, { data: [] }],
    });

    const ended = await run(['listen', '--forward', 'http://127.0.0.1:9', '--url', url, ...words], {
      POSTHORN_API_KEY: key,
    });

    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining(message)]);
    expect(ended.err + ended.out).not.toContain(key);
  });

  it('tells of a refusal on a line of its own, not behind the progress of a terminal', async () => {
    let isTaken = false;
    const url = await posthorn({
      [SUBSCRIPTION]: pulled,
      [`${SUBSCRIPTION}/feed`]: () =>
        isTaken
          ? [403, { detail: 'No more.' }]
          : [200, { data: ['evt_1', 'evt_2'].map((id) => ({ id, headers: {}, body: '{}' })), page: 'p1', next: null }],
      [`${SUBSCRIPTION}/feed/ack`]: () => {
        isTaken = true;
        return [200, { acknowledged: 2 }];
      },
    });
    // The second delivery is refused once: what is said of that is followed by the progress.
    const answers = [200, 500, 200];
    const target = await serve((_, response) => void response.writeHead(answers.shift() ?? 200).end());

    const ended = await run(['listen', '--forward', target, '--url', url, '--subscription', 'sub_1'], {
      POSTHORN_API_KEY: KEY,
      NODE_OPTIONS: '--import=data:text/javascript,process.stdout.isTTY=true',
    });

    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('answered 403: No more.')]);
    expect(ended.out).toContain('1 forwarded, last evt_1');
    expect(ended.out).toMatch(/\r\u001b\[2K$/);
  });

  it('refuses what is no Posthorn, and takes the key nowhere else', async () => {
    const other = await serve((request, response) => {
      response.writeHead(request.headers.authorization ? 200 : 500).end('<html>');
    });
    const redirecting = await serve((_, response) => void response.writeHead(302, { location: other }).end());
    const words = (url: string) => ['listen', '--forward', 'http://127.0.0.1:9', '--url', url];

    for (const url of [other, redirecting]) {
      const ended = await run(words(url), { POSTHORN_API_KEY: KEY });
      expect([ended.code, ended.err]).toEqual([1, expect.stringContaining("Expected Posthorn's API at")]);
    }
  });

  const OK = ['--forward', 'http://localhost:3000', '--url', 'http://localhost:1'];
  it.each([
    ['nothing', [], 'Usage:'],
    ['another command', ['serve'], 'Expected the command listen, got "serve"'],
    ['no target', ['listen', '--url', 'http://localhost:1'], 'Expected --forward'],
    [
      'a target that is no URL',
      ['listen', '--forward', 'localhost:3000', '--url', 'http://localhost:1'],
      'Expected --forward as',
    ],
    ['no Posthorn', ['listen', '--forward', 'http://localhost:3000'], 'Expected --url'],
    [
      'a Posthorn without TLS',
      ['listen', '--forward', 'http://localhost:3000', '--url', 'http://posthorn.example.com'],
      'Expected --url with https',
    ],
    ['a key as argument', ['listen', ...OK, '--key', KEY], 'The API key is no argument'],
    ['an unknown option', ['listen', ...OK, '--colour', 'red'], "Unknown option '--colour'"],
    ['a word', ['listen', ...OK, 'sub_1'], 'Expected options alone, got "sub_1"'],
    ['a subscription that can be none', ['listen', ...OK, '--subscription', 'a/b'], 'Expected --subscription'],
    ['a time that is none', ['listen', ...OK, '--timeout', '0'], 'Expected --timeout'],
    ['no key', ['listen', ...OK], 'POSTHORN_API_KEY'],
  ])('called with %s says what is wrong', async (_what, words, message) => {
    const { code, out, err } = await run(words);

    expect([code, out + err]).toEqual([2, expect.stringContaining(message)]);
    expect(out + err).not.toContain(KEY);
  });

  it('says what it can, and which version it is', async () => {
    const [help, version] = [await run(['--help']), await run(['--version'])];

    expect([help.code, help.out]).toEqual([0, expect.stringContaining('--forward <url>')]);
    expect([version.code, version.out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

describe('the progress', () => {
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    let now = 0;
    const progress = createProgress({ isTTY, write: (text) => texts.push(text) }, () => now);
    return { texts, progress, pass: (ms: number) => void (now += ms) };
  };

  it('in a terminal is one line, written anew, with other lines above it', () => {
    const { texts, progress, pass } = written(true);

    pass(1000);
    progress.progress(1, 'evt_1');
    progress.progress(2, 'evt_2');
    pass(1000);
    progress.progress(3, 'evt_3');
    progress.say('hello');

    expect(texts.join('')).toBe(
      '1 forwarded, last evt_1\r\u001b[2K3 forwarded, last evt_3\r\u001b[2K00:00:02 hello\n3 forwarded, last evt_3',
    );
  });

  it('in a file is a line now and then', () => {
    const { texts, progress, pass } = written(false);

    for (let n = 1; n <= 25; n++) {
      pass(1000);
      progress.progress(n, `evt_${n}`);
    }

    expect(texts).toEqual(['00:00:10 10 forwarded, last evt_10\n', '00:00:20 20 forwarded, last evt_20\n']);
  });
});
