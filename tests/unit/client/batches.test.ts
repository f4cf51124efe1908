import { expect, it } from 'vitest';
import { callByCall, clientAtEdge, done } from './edge.ts';

const bookingId = '01980000-0000-7000-8000-000000000001';
const echo = callByCall(({ input }) => done(input));
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

it('sends the calls of one moment together, at most 20 a request', async () => {
  const { client, requests } = clientAtEdge(echo);
  await Promise.all(times(45, () => client.bookings.get.query({ bookingId })));
  expect(requests.map(({ calls }) => calls.length)).toEqual([20, 20, 5]);
});

it('sends as few together as it is told', async () => {
  const { client, requests } = clientAtEdge(echo, { batchSize: 1 });
  await Promise.all(times(3, () => client.bookings.get.query({ bookingId })));
  expect(requests.map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
});

it('keeps inputs out of URLs: queries are POST too', async () => {
  const { client, requests } = clientAtEdge(echo);
  await client.bookings.lookUp.query({ code: 'ABCDEFGHJK', email: 'ana@example.com' });
  const [request] = requests;
  expect([request?.method, request?.url.href]).toEqual(['POST', 'http://edge.test/trpc/bookings.lookUp?batch=1']);
  expect(request?.calls[0]?.input).toEqual({ code: 'ABCDEFGHJK', email: 'ana@example.com' });
});

it('sends a large input by itself, so that no batch outgrows what the server takes', async () => {
  const { client, requests } = clientAtEdge(echo);
  const confirm = (bytes: number) =>
    client.bookings.confirm.mutate({ bookingId, idempotencyKey: 'é'.repeat(bytes / 2) });
  await Promise.all([...times(20, () => confirm(11_000)), ...times(2, () => confirm(13_000))]);
  const sizes = requests.map(({ calls }) => Buffer.byteLength(JSON.stringify(calls.map(({ input }) => input))));
  expect(requests.map(({ calls }) => calls.length).sort()).toEqual([1, 1, 20]);
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
});

it('is found below the path of a proxy', async () => {
  const { client, requests } = clientAtEdge(echo, { url: 'https://hotel.example/booking/' });
  await client.bookings.get.query({ bookingId });
  expect(requests[0]?.url.pathname).toBe('/booking/trpc/bookings.get');
});
