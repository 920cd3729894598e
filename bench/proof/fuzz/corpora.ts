import {
  buildRequest,
  generatorOf,
  inputCases,
  type InputCase,
  type InputContext,
} from '../../../test/support/api-inputs.ts';
import { sendRaw } from '../../../test/support/raw-http.ts';
import { JSON_CASES } from '../corpora/json-cases.ts';
import { NAUGHTY } from '../corpora/naughty.ts';
import { keepAlive } from './connection.ts';
import { utf8, whole } from './input.ts';
import type { Target } from './target.ts';

/** Kinds of keys and cursors that do not exist here. */
const MISSING_HERE = ['{READ_ONLY_KEY}', '{EXPIRED_CURSOR}'];

/** What was sent, and what differs from the verdict that is stated for it. */
export interface Judgement {
  requests: number;
  wrong: string[];
}

/** Sends every file of the corpora, over HTTP, and compares the answer with the verdict. */
export async function judgeCorpora(target: Target): Promise<Judgement> {
  const judgements = await Promise.all([judgeTexts(target), judgeInputs(target)]);
  return {
    requests: judgements.reduce((sum, one) => sum + one.requests, 0),
    wrong: judgements.flatMap((one) => one.wrong),
  };
}

/** An event around a piece of JSON; each character stands for one byte. */
const eventAround = (value: string): string => `{"organization":"org_1","type":"visit.ended","data":{"v":${value}}}`;

/** JSONTestSuite and the naughty strings: as a value in `data`; what is JSON's also as the whole body. */
async function judgeTexts({ port, world }: Target): Promise<Judgement> {
  const { send, close } = keepAlive(port);
  const judgement: Judgement = { requests: 0, wrong: [] };
  const post = async (name: string, body: string, expected: 'accepted' | 'refused'): Promise<void> => {
    const headers: [string, string][] = [
      ['content-type', 'application/json'],
      ['authorization', `Bearer ${world.keys.producer}`],
    ];
    const { status } = await send(whole({ method: 'POST', target: '/v1/events', headers, body }));
    const refused = typeof status === 'number' && status >= 400 && status < 500;
    const became = status === 202 ? 'accepted' : refused ? 'refused' : `answered with ${status}`;
    judgement.requests += 1;
    if (became !== expected) judgement.wrong.push(`${name}: expected to be ${expected}, was ${became}`);
  };
  for (const { name, bytes, verdict } of JSON_CASES) {
    const text = bytes.toString('latin1');
    await post(`${name} in data`, eventAround(text), verdict);
    await post(`${name} as the body`, text, 'refused');
  }
  for (const [n, text] of NAUGHTY.entries()) {
    await post(`naughty string ${n}`, eventAround(utf8(JSON.stringify(text))), 'accepted');
  }
  close();
  return judgement;
}

/** The corpus of API inputs. Left out: direct calls of a function, several requests that belong together. */
async function judgeInputs({ port, world }: Target): Promise<Judgement> {
  const url = `http://127.0.0.1:${port}`;
  const context = await contextOf(url, world);
  const judgement: Judgement = { requests: 0, wrong: [] };
  const slow: Promise<void>[] = [];
  for (const target of ['ingest', 'management'] as const) {
    for (const one of inputCases(target).filter(isHttp)) {
      const KEY = target === 'ingest' ? world.keys.producer : world.keys.organization;
      const subscription: [string, string][] = [
        ['url', `"https://hooks.example.com/${judgement.requests}"`],
        ['events', '["visit.ended"]'],
      ];
      const judged = judge(url, one, { ...context, target, subscription, words: { ...context.words, KEY } }, judgement);
      if (generatorOf(one).drip_ms === undefined) await judged;
      else slow.push(judged);
    }
  }
  await Promise.all(slow);
  return judgement;
}

async function judge(url: string, one: InputCase, context: InputContext, judgement: Judgement): Promise<void> {
  judgement.requests += 1;
  const answer = await sendRaw(url, buildRequest(one, context));
  const became = answer.kind === 'closed' ? 'closed' : answer.status;
  const asStated = became === 'closed' ? one.no_answer_ok === true : one.expect_status.includes(became);
  if (asStated) return;
  judgement.wrong.push(`${one.id} to ${context.target}: expected ${one.expect_status.join()}, was ${became}`);
}

function isHttp(one: InputCase): boolean {
  const { invoke, requests } = generatorOf(one);
  const text = JSON.stringify(one.input);
  return !invoke && requests === undefined && !MISSING_HERE.some((word) => text.includes(word));
}

/** With two subscriptions of its own, and one of somebody else's. */
async function contextOf(url: string, { keys }: Target['world']): Promise<Pick<InputContext, 'event' | 'words'>> {
  const ask = async (path: string, key: string, body?: unknown): Promise<Record<string, string>> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sent = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(url + path, sent)).json()) as Record<string, string>;
  };
  const subscribe = async (organization: string, path: string): Promise<string> =>
    (await ask('/v1/subscriptions', keys.admin, { organization, url: `https://corpora.example.com/${path}` })).id!;
  const own = await subscribe('org_1', 'first');
  await subscribe('org_1', 'second');
  const other = await subscribe('org_2', 'other');
  const cursor = (await ask('/v1/subscriptions?limit=1', keys.organization)).next_cursor!;
  return {
    event: [
      ['organization', '"org_1"'],
      ['type', '"visit.ended"'],
      ['data', '{"a":1}'],
    ],
    words: {
      INGEST: '/v1/events',
      INGEST_UPPER: '/V1/EVENTS',
      INGEST_PERCENT: '/v1/event%73',
      SUBSCRIPTIONS: '/v1/subscriptions',
      INGEST_ONLY_KEY: keys.producer,
      MANAGEMENT_ONLY_KEY: keys.organization,
      KEY_OF_OTHER_ENVIRONMENT: `phk_${'A'.repeat(43)}`,
      ID: own,
      ID_OF_OTHER_TENANT: other,
      CURSOR: cursor,
      CURSOR_CUT: cursor.slice(0, -1),
      CURSOR_ONE_CHAR_CHANGED: (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1),
    },
  };
}
