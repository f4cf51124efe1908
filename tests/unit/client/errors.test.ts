import { isTRPCClientError } from '@trpc/client';
import { expect, it } from 'vitest';
import { createInnkeeperClient, InnkeeperError, isInnkeeperError } from '../../../src/client/index.ts';
import { callByCall, clientAtEdge, done, inTurn, lost, refused } from './edge.ts';

const bookingId = '01980000-0000-7000-8000-000000000001';

it('carries all that the server says', async () => {
  const facts = {
    status: 422,
    fields: [{ path: 'lines.0.arrival', message: 'Lies in the past.' }],
    details: { businessDate: '2026-03-02' },
  };
  const { client } = clientAtEdge(inTurn(refused('ARRIVAL_PASSED', facts)));
  const error = await client.bookings.get.query({ bookingId }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InnkeeperError);
  expect(error).toMatchObject({
    name: 'InnkeeperError',
    code: 'ARRIVAL_PASSED',
    message: 'Refused with ARRIVAL_PASSED.',
    retryable: false,
    requestId: 'request-1',
    ...facts,
  });
});

it('keeps the server’s words where it refuses a request before tRPC sees it', async () => {
  const facts = { code: 'STARTING', message: 'Try again in a moment.', retryable: true, requestId: 'request-2' };
  const { client } = clientAtEdge(() => Response.json({ error: facts }, { status: 503 }), { retries: 0 });
  await expect(client.bookings.get.query({ bookingId })).rejects.toMatchObject({ ...facts, status: 503 });
});

it('keeps the cause where no answer came', async () => {
  const { client } = clientAtEdge(inTurn(lost), { retries: 0 });
  const error = await client.bookings.get.query({ bookingId }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', status: null, requestId: null, fields: [], details: {} });
  expect(error).toHaveProperty('cause', lost);
});

it('is known by isInnkeeperError, by tRPC’s own test, and by nothing else', async () => {
  const { client } = clientAtEdge(inTurn(refused('NOT_FOUND', { status: 404 })));
  const error = await client.bookings.get.query({ bookingId }).catch((thrown: unknown) => thrown);
  expect([isInnkeeperError(error), isTRPCClientError(error)]).toEqual([true, true]);
  expect(error).toHaveProperty('data.code', 'NOT_FOUND');
  for (const other of [new Error('x'), null, 'NOT_FOUND', { name: 'InnkeeperError' }]) {
    expect(isInnkeeperError(other)).toBe(false);
  }
});

it('sends an API key or an access token, and asks a function before every request', async () => {
  const ok = callByCall(() => done());
  const headersOf = async (edge: ReturnType<typeof clientAtEdge>) => {
    await edge.client.bookings.get.query({ bookingId });
    await edge.client.bookings.get.query({ bookingId });
    return edge.requests.map(({ headers }) => headers.get('authorization'));
  };
  let asked = 0;
  const accessToken = async () => `token-${++asked}`;
  expect(await headersOf(clientAtEdge(ok))).toEqual([null, null]);
  expect(await headersOf(clientAtEdge(ok, { apiKey: 'key' }))).toEqual(['Bearer key', 'Bearer key']);
  expect(await headersOf(clientAtEdge(ok, { accessToken: 'token' }))).toEqual(['Bearer token', 'Bearer token']);
  expect(await headersOf(clientAtEdge(ok, { accessToken }))).toEqual(['Bearer token-1', 'Bearer token-2']);
});

it('sends nothing when it gets no credentials', async () => {
  const cause = new Error('signed out');
  const { client, requests } = clientAtEdge(
    callByCall(() => done()),
    { accessToken: () => Promise.reject(cause) },
  );
  const error = await client.bookings.get.query({ bookingId }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED', retryable: false, cause });
  expect(requests).toHaveLength(0);
});

it.each([
  [{ apiKey: 'key', accessToken: 'token' }, TypeError],
  [{ url: 'nowhere' }, TypeError],
  [{ retries: -1 }, RangeError],
  [{ retries: 1.5 }, RangeError],
  [{ timeoutMs: 0 }, RangeError],
  [{ timeoutMs: Number.NaN }, RangeError],
  [{ batchSize: 21 }, RangeError],
])('refuses the options %o', (options, kind) => {
  expect(() => createInnkeeperClient({ url: 'http://edge.test', ...options })).toThrow(kind);
});
