import { initTRPC } from '@trpc/server';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createFastLane } from '../../../src/transport/fast-lane/handler.ts';
import { answerHead } from '../../../src/transport/http/answer-head.ts';
import { compressAnswer } from '../../../src/transport/http/compression.ts';
import { requestLog } from '../../../src/transport/http/request-log.ts';
import { type HttpServer, listen } from '../../../src/transport/http/server.ts';
import { CachedData } from '../../../src/transport/trpc/cached-data.ts';

const data = { text: 'Zoë, "€" and 😀 '.repeat(200) };
const before = new CachedData({ bytes: Buffer.from(JSON.stringify(data)), etag: 'W/"one"' });
let kept = before;
let prepared = 0;
let server: HttpServer;

beforeAll(async () => {
  const t = initTRPC.meta<{ cached: boolean }>().create({ isDev: false });
  const router = t.router({ list: t.procedure.meta({ cached: true }).query(() => kept) });
  const lane = createFastLane({
    ...{ router, createContext: () => ({}), maxBodyBytes: 1_000, maxBatch: 5, onError: () => {} },
    keptAnswer: () => kept,
    headOf: answerHead,
    prepare(request, response) {
      prepared += 1;
      response.setHeader('Cache-Control', 'no-store');
      compressAnswer(request, response);
    },
  });
  const log = requestLog(() => {});
  const listener = (...[request, plain]: Parameters<Parameters<typeof listen>[0]>) =>
    log(request, plain, (response) => lane(request, response, () => response.destroy()));
  server = await listen(listener, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close(0));

const ask = async (path: string, headers: Record<string, string>) => {
  const before = prepared;
  const answer = await fetch(`${server.url}/trpc/${path}`, { headers });
  const body = await answer.text();
  const names = ['cache-control', 'content-encoding', 'content-type', 'etag', 'vary'];
  return {
    status: answer.status,
    told: names.map((name) => answer.headers.get(name)),
    body,
    atOnce: prepared === before,
  };
};

it.each([
  ['list?x=plain', { 'accept-encoding': 'identity' }, 200],
  ['list?x=brotli', { 'accept-encoding': 'br' }, 200],
  ['list?x=gzip', { 'accept-encoding': 'gzip, deflate' }, 200],
  ['list,list?batch=1&input={}', { 'accept-encoding': 'identity' }, 200],
  ['list?x=unchanged', { 'if-none-match': 'W/"one"' }, 304],
])('a URL that was asked before is answered at once, and as the first time: %s %o', async (path, headers, status) => {
  const first = await ask(path, headers);
  const second = await ask(path, headers);
  expect([first.atOnce, second.atOnce, second.status]).toEqual([false, true, status]);
  expect(second.body).toBe(first.body);
  if (status === 200) expect(second.told).toEqual(first.told);
  if (status === 200) expect(second.body).toContain(data.text.slice(0, 3));
});

it('a batch is compressed once a coding, for as long as its answers are the same ones', async () => {
  const path = 'list,list?batch=1&input={"1":1}';
  const headers = { 'accept-encoding': 'br' };
  const first = await ask(path, headers);
  await ask(path, headers);
  const third = await ask(path, headers);
  expect([first.atOnce, third.atOnce]).toEqual([false, true]);
  expect(third.told).toEqual(first.told);
  expect(third.told).toContain('br');
  expect(third.body).toBe(first.body);

  const changed = { text: 'changed'.repeat(300) };
  kept = new CachedData({ bytes: Buffer.from(JSON.stringify(changed)), etag: 'W/"two"' });
  onTestFinished(() => {
    kept = before;
  });
  const after = await ask(path, headers);
  expect(after.atOnce).toBe(false);
  expect(JSON.parse(after.body)).toEqual([changed, changed].map((one) => ({ result: { data: one } })));
  expect((await ask(path, headers)).atOnce).toBe(true);
});

it('is not known for a reader who wants a stream', async () => {
  const path = 'list?x=stream';
  await ask(path, {});
  expect((await ask(path, {})).atOnce).toBe(true);
  await expect(ask(path, { 'trpc-accept': 'application/jsonl' })).rejects.toThrow();
});

it('each call of a known batch is looked for once, also when one of them has to be made', async () => {
  const t = initTRPC.meta<{ cached: boolean }>().create({ isDev: false });
  const cached = t.procedure.meta({ cached: true });
  const router = t.router({ one: cached.query(() => before), two: cached.query(() => before) });
  const lookedFor: string[] = [];
  let missing = '';
  const lane = createFastLane({
    ...{ router, createContext: () => ({}), maxBodyBytes: 1_000, maxBatch: 5, onError: () => {} },
    keptAnswer(_ctx, text) {
      lookedFor.push(text);
      return text.startsWith(missing || 'none') ? undefined : before;
    },
  });
  const own = await listen((request, response) => lane(request, response, () => response.destroy()), {
    ...{ host: '127.0.0.1', port: 0 },
  });
  onTestFinished(() => own.close(0));
  const batch = async () => (await fetch(`${own.url}/trpc/one,two?batch=1&input={}`)).text();
  const first = await batch();
  lookedFor.length = 0;
  missing = 'two';
  expect(await batch()).toBe(first);
  expect(lookedFor.map((text) => text.split(' ')[0])).toEqual(['one', 'two']);
});
