import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, type Hotel } from '../../support/hotel.ts';

let app: TestApp;
let tenant: TestTenant;
let stranger: TestTenant;
let hotel: Hotel;
let owner: pg.Client;

beforeAll(async () => {
  app = await startApp();
  tenant = await app.tenant('bad-input');
  stranger = await app.tenant('stranger');
  hotel = await createHotel(tenant.client);
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await app.close();
});

interface Answer {
  status: number;
  error: { code: string; message: string; retryable: boolean; fields?: { path: string }[]; requestId: string };
}

const send = async (path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenant.ownerKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body,
  });
  return { status: answer.status, ...((await answer.json()) as Omit<Answer, 'status'>) };
};

/** All rows that a refused call could have written. */
const written = async (): Promise<unknown> => {
  await owner.query(`select set_config('app.tenant', $1, false)`, [tenant.tenantId]);
  const { rows } = await owner.query(`
    select (select count(*) from booking) as bookings, (select count(*) from guest) as guests,
      (select count(*) from event) as events, (select count(*) from audit_entry) as audits,
      (select count(*) from idempotency_key) as keys, (select sum(held + sold + blocked) from inventory_night) as nights`);
  return rows[0];
};

const good = () => ({
  lines: [
    {
      roomTypeId: hotel.roomTypeId,
      ratePlanId: hotel.ratePlanId,
      arrival: '2026-04-01',
      departure: '2026-04-03',
      adults: 2,
    },
  ],
  booker: { name: 'Ana Silva' },
});
const withLine = (change: object) => ({ ...good(), lines: [{ ...good().lines[0], ...change }] });

describe('bad input for a booking is refused with the field named, and nothing is written', () => {
  it.each<[string, () => object, string]>([
    ['an impossible date', () => withLine({ arrival: '2026-02-30' }), 'lines.0.arrival'],
    ['an instant where a date belongs', () => withLine({ arrival: '2026-04-01T00:00:00Z' }), 'lines.0.arrival'],
    ['a past arrival', () => withLine({ arrival: '2026-03-01' }), 'lines.0.arrival'],
    ['departure on arrival', () => withLine({ departure: '2026-04-01' }), 'lines.0.departure'],
    ['departure before arrival', () => withLine({ departure: '2026-03-30' }), 'lines.0.departure'],
    ['no guests', () => withLine({ adults: 0 }), 'lines.0.party'],
    ['too many guests', () => withLine({ adults: 3 }), 'lines.0.party'],
    ['a fractional guest', () => withLine({ adults: 1.5 }), 'lines.0.adults'],
    ['negative money', () => withLine({ nightPrices: [-1, 5] }), 'lines.0.nightPrices.0'],
    ['fractional money', () => withLine({ nightPrices: [10.5, 5] }), 'lines.0.nightPrices.0'],
    ['too few prices', () => withLine({ nightPrices: [10] }), 'lines.0.nightPrices'],
    ['an id that is none', () => withLine({ roomTypeId: 'x' }), 'lines.0.roomTypeId'],
    ['an unknown id', () => withLine({ roomTypeId: randomUUID() }), 'lines.0.roomTypeId'],
    ['an unknown field', () => withLine({ arival: '2026-04-01' }), 'lines.0.arival'],
    ['no lines', () => ({ ...good(), lines: [] }), 'lines'],
    ['too many lines', () => ({ ...good(), lines: Array(21).fill(good().lines[0]) }), 'lines'],
    ['no booker', () => ({ lines: good().lines }), 'booker'],
    ['a damaged e-mail', () => ({ ...good(), booker: { name: 'A', email: 'a@' } }), 'booker.email'],
    ['a NUL byte', () => ({ ...good(), notes: 'a\u0000b' }), 'notes'],
    ['blank text', () => ({ ...good(), booker: { name: '   ' } }), 'booker.name'],
  ])('%s', async (_what, body, path) => {
    const before = await written();
    const answer = await send('/bookings', JSON.stringify(body()));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.error.fields?.map((field) => field.path)).toContainEqual(
      expect.stringMatching(new RegExp(`^${path}`)),
    );
    expect(answer.error.retryable).toBe(false);
    expect(await written()).toEqual(before);
  });
});

describe('a damaged request', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['that is no JSON', '{"lines": [', {}, 400, 'MALFORMED_JSON'],
    ['that is a list', '[]', {}, 400, 'MALFORMED_JSON'],
    ['over 256 kB', JSON.stringify({ notes: 'x'.repeat(300_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    ['of another type', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['with a wrong key', '{}', { authorization: 'Bearer ik_x_y' }, 401, 'INVALID_CREDENTIALS'],
    ['with a damaged consistency token', '{}', { 'x-consistency-token': 'x' }, 400, 'INVALID_TOKEN'],
    ['with a key too short', '{}', { 'idempotency-key': 'x' }, 400, 'INVALID_INPUT'],
  ])('%s is answered %s', async (_what, body, headers, status, code) => {
    const answer = await send('/bookings', body, headers);
    expect([answer.status, answer.error.code]).toEqual([status, code]);
  });

  it('on the tRPC door is answered in the same words', async () => {
    const post = (body: string) =>
      fetch(`${app.url}/trpc/bookings.create`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.ownerKey}`, 'content-type': 'application/json' },
        body,
      });
    const broken = await post('{"lines": [');
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ error: { data: { code: 'MALFORMED_JSON', retryable: false } } });
    const large = await post(JSON.stringify({ notes: 'x'.repeat(300_000) }));
    expect(large.status).toBe(413);
    const batch = await fetch(`${app.url}/trpc/${Array(21).fill('events.list').join(',')}?batch=1&input=%7B%7D`, {
      headers: { authorization: `Bearer ${tenant.ownerKey}` },
    });
    expect(batch.status).toBe(400);
  });

  it('that is not HTTP does not disturb the next one', async () => {
    const { hostname, port } = new URL(app.url);
    await new Promise<void>((resolve) => {
      const odd = request({ hostname, port, path: '/%00%ff', headers: { 'content-length': '5' } });
      odd.on('response', (answer) => answer.resume().on('end', resolve));
      odd.on('error', () => resolve());
      odd.end('12345');
    });
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  });
});

it("another tenant's ids are answered like unknown ones", async () => {
  const foreign = await createHotel(stranger.client);
  const answers = await Promise.all(
    [foreign.roomTypeId, randomUUID()].map((roomTypeId) => send('/bookings', JSON.stringify(withLine({ roomTypeId })))),
  );
  const [theirs, nobodys] = answers.map(({ status, error: { requestId: _, ...error } }) => ({ status, error }));
  expect(theirs).toEqual(nobodys);
  expect(theirs?.status).toBe(404);
});

it.each(['x', 'WyIx', Buffer.from('["a"]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
  'a damaged cursor is refused: %s',
  async (cursor) => {
    const headers = { authorization: `Bearer ${tenant.ownerKey}` };
    const lists = ['/bookings', '/events', '/properties', '/users'].map((path) =>
      fetch(`${app.url}/api/v1${path}?cursor=${cursor}`, { headers }),
    );
    for (const answer of await Promise.all(lists)) {
      expect([answer.status, ((await answer.json()) as Answer).error.code]).toEqual([400, 'INVALID_CURSOR']);
    }
  },
);

it.each([
  ['a cursor beyond all numbers', { cursor: Buffer.from(`[1e999,"${randomUUID()}"]`).toString('base64url') }, 400],
  ['a place nearer to zero than any place', { near: { latitude: 5e-324, longitude: -5e-324, radiusKm: 5e-324 } }, 200],
])('a search with %s is no fault of ours', async (_what, change, status) => {
  const answer = await send(
    '/availability/search',
    JSON.stringify({ arrival: '2026-04-01', departure: '2026-04-02', ...change }),
  );
  expect(answer.status).toBe(status);
});
