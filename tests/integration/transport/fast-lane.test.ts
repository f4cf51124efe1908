import { randomUUID } from 'node:crypto';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel } from '../../support/hotel.ts';
import { rawClient } from '../../support/raw-http.ts';
import { asked, stay } from '../../support/stays.ts';
import { isByLane, told } from '../../support/told.ts';

let app: TestApp;
let tenant: TestTenant;
let hotel: Hotel;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  app = await startApp({ settings: { RATE_LIMIT_ANONYMOUS: '0', RATE_LIMIT_SECRET: '0' } });
  tenant = await app.tenant('lane');
  hotel = await createHotel(tenant.client);
  client = rawClient(Number(new URL(app.url).port));
});
afterAll(async () => {
  client.close();
  await app.close();
});

interface Asked {
  method: 'GET' | 'POST';
  path: string;
  input: string;
  batch: boolean;
  headers: Record<string, string>;
}

const send = async ({ method, path, input, batch, headers }: Asked, lane: 'fast' | 'stock') => {
  const query = new URLSearchParams(batch ? { batch: '1' } : {});
  // Empty ones change nothing, and only the stock adapter reads them.
  if (lane === 'stock') query.set('connectionParams', 'null');
  if (method === 'GET') query.set('input', input);
  const sent = { host: 'localhost', 'x-request-id': 'same-for-both', ...headers };
  const body = method === 'POST' ? input : '';
  if (method === 'POST') {
    Object.assign(sent, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
  }
  const head = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`);
  return client.send(`${method} /trpc/${path}?${query} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
};

/** Positions and counts move on between two requests; only answers that are sent whole can be compressed. */
const comparable = (answer: Awaited<ReturnType<typeof send>>) => {
  const { 'x-consistency-token': token, 'x-db-query-count': count, vary, ...headers } = told(answer)?.headers ?? {};
  const tells = [token !== undefined, count !== undefined, vary?.replace(', Accept-Encoding', '')];
  return { ...told(answer), headers, tells };
};

const owner = () => ({ authorization: `Bearer ${tenant.ownerKey}` });

describe('the real API answers by the fast lane as by the stock adapter', () => {
  it('whatever is asked, with whatever credentials', async () => {
    const procedures: Record<string, AnyTRPCProcedure> = (app.application.appRouter as AnyTRPCRouter)._def.procedures;
    // Attempts to sign in are counted, so that the second of two may be one too many; the others tell of the moment they are asked.
    const names = Object.keys(procedures).filter((name) => !/^(?:auth|performance)\./.test(name));
    const { query = [], mutation = [] } = Object.groupBy(names, (name) => procedures[name]?._def.type ?? 'query');
    const lists = [query, query, mutation, names].map((some) =>
      fc.array(fc.constantFrom(...some), { minLength: 1, maxLength: 3 }),
    );
    const inputs = fc.constantFrom<unknown>(
      {},
      null,
      'text',
      { propertyId: hotel.propertyId },
      { propertyId: randomUUID() },
      { limit: 1 },
      { limit: 'x\u0000' },
      { arrival: '2026-04-01', departure: '2026-04-03', adults: 2 },
      { id: randomUUID() },
      { cursor: 'x' },
    );
    const asked: fc.Arbitrary<Asked> = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      path: fc.oneof(...lists).map((list) => list.join(',')),
      input: fc.oneof(
        { weight: 2, arbitrary: inputs.map((input) => JSON.stringify(input)) },
        { weight: 2, arbitrary: fc.array(inputs, { maxLength: 3 }).map((list) => JSON.stringify({ ...list })) },
        { weight: 1, arbitrary: fc.constantFrom('{', '[]', JSON.stringify({ notes: 'x'.repeat(300_000) })) },
      ),
      batch: fc.constantFrom(true, true, false),
      headers: fc.oneof(
        { weight: 4, arbitrary: fc.constant(owner()) },
        fc.constantFrom<Record<string, string>>({}, { authorization: 'Bearer x' }, { 'x-consistency-token': 'x' }),
      ),
    });
    const fits = asked.filter(({ method, input }) => method === 'POST' || input.length < 1_000);
    let byLane = 0;
    await fc.assert(
      fc.asyncProperty(fits, async (request) => {
        const ours = await send(request, 'fast');
        const theirs = await send(request, 'stock');
        expect(comparable(ours)).toEqual(comparable(theirs));
        if (isByLane(ours) && !isByLane(theirs)) byLane += 1;
      }),
      { numRuns: 300 },
    );
    expect(byLane).toBeGreaterThan(100);
  });

  it('a booking, and its replay', async () => {
    const booking = asked(stay(hotel, '2026-04-01', '2026-04-03'));
    const request = { method: 'POST', path: 'bookings.create', input: JSON.stringify(booking), batch: false } as const;
    const made = await send({ ...request, headers: owner() }, 'fast');
    expect([made?.status, isByLane(made)]).toEqual([200, true]);
    expect(comparable(await send({ ...request, headers: owner() }, 'stock'))).toEqual(comparable(made));
  });
});
