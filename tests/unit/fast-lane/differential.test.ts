import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawClient } from '../../support/raw-http.ts';
import { isByLane, told } from '../../support/told.ts';
import { startServer, type TestServer } from './apps.ts';
import { toPieces, type WireRequest, wireRequests } from './requests.ts';
import type { RouterOptions } from './router.ts';

/** Wraps what it sends, and fails for some of it, on both ways. */
const wrapping = {
  serialize: (value: unknown) => {
    if (value === 'deep') throw new Error('not to be serialised');
    return { json: value };
  },
  deserialize: (value: { json: unknown; fails?: boolean }) => {
    if (value.fails) throw new Error('not to be deserialised');
    return value.json;
  },
};

describe.each<[string, RouterOptions, number]>([
  ['a plain router', {}, 2_000],
  ['a router with a transformer', { transformer: wrapping }, 600],
  ['a router with another separator', { pathSeparator: '~' }, 300],
])('the fast lane answers as the stock adapter does, for %s', (_what, options, numRuns) => {
  let fast: TestServer;
  let stock: TestServer;
  let clients: ReturnType<typeof rawClient>[];

  beforeAll(async () => {
    [fast, stock] = await Promise.all([startServer('fast', options), startServer('stock', options)]);
    clients = [fast, stock].map(({ port }) => rawClient(port));
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await Promise.all([fast.close(), stock.close()]);
  });

  const both = async (request: WireRequest) => {
    const pieces = toPieces(request);
    const inputs = !/b(?:a|%61)tch=/.test(request.target);
    const [ours, theirs] = await Promise.all(clients.map((client) => client.send(...pieces)));
    return {
      ours: { ...told(ours ?? null), failures: fast.takeFailures({ inputs }) },
      theirs: { ...told(theirs ?? null), failures: stock.takeFailures({ inputs }) },
      byLane: isByLane(ours ?? null) && !isByLane(theirs ?? null),
    };
  };

  it(`to ${numRuns} generated requests, good and broken`, async () => {
    let byLane = 0;
    await fc.assert(
      fc.asyncProperty(wireRequests, async (request) => {
        const answers = await both(request);
        expect(answers.ours).toEqual(answers.theirs);
        if (answers.byLane) byLane += 1;
      }),
      { numRuns },
    );
    expect(byLane).toBeGreaterThan(numRuns / 4);
  });
});
