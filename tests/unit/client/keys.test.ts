import { expect, it } from 'vitest';
import { callByCall, clientAtEdge, done, inTurn, lost, refused } from './edge.ts';

const bookingId = '01980000-0000-7000-8000-000000000001';

it('makes a key for each call that comes without one', async () => {
  const { client, requests } = clientAtEdge(callByCall(() => done()));
  await client.bookings.confirm.mutate({ bookingId });
  await client.bookings.confirm.mutate({ bookingId, idempotencyKey: undefined });
  expect(requests.map(({ calls }) => calls[0]?.input)).toEqual([
    { bookingId, idempotencyKey: 'made-key-1' },
    { bookingId, idempotencyKey: 'made-key-2' },
  ]);
});

it('keeps the key while it tries again', async () => {
  const { client, requests } = clientAtEdge(inTurn(lost, refused('BUSY', { retryable: true }), done()));
  await client.bookings.confirm.mutate({ bookingId });
  expect(requests.map(({ calls }) => calls[0]?.input.idempotencyKey)).toEqual(Array(3).fill('made-key-1'));
});

it('sends the key that the caller gives', async () => {
  const { client, requests } = clientAtEdge(inTurn(lost, done()));
  await client.bookings.confirm.mutate({ bookingId, idempotencyKey: 'the-callers-own' });
  expect(requests.map(({ calls }) => calls[0]?.input.idempotencyKey)).toEqual(Array(2).fill('the-callers-own'));
});

it('leaves the caller’s input as it is', async () => {
  const { client } = clientAtEdge(callByCall(() => done()));
  const input = Object.freeze({ bookingId });
  await client.bookings.confirm.mutate(input);
  expect(input).toEqual({ bookingId });
});

it('adds no key to queries and to mutations that take none', async () => {
  const { client, requests } = clientAtEdge(callByCall(() => done()));
  await client.bookings.get.query({ bookingId });
  await client.auth.signIn.mutate({ tenant: 'seaside', email: 'ana@example.com', password: 'secret' });
  await client.auth.refresh.mutate({ refreshToken: 'token' });
  await client.auth.signOut.mutate({});
  await client.clock.advance.mutate({ to: '2026-05-01T00:00:00.000Z' });
  const inputs = requests.flatMap(({ calls }) => calls.map(({ input }) => input));
  expect(inputs).toHaveLength(5);
  for (const input of inputs) expect(input).not.toHaveProperty('idempotencyKey');
});
