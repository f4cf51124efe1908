import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, type InnkeeperError } from '../../../src/client/innkeeper-error.ts';
import { retryDelayMs } from '../../../src/client/retry-delay.ts';
import { answer, callByCall, clientAtEdge, done, inTurn, lost, refused, silent } from './edge.ts';

const bookingId = '01980000-0000-7000-8000-000000000001';
const busy = refused('BUSY', { retryable: true });
const caught = (call: Promise<unknown>): Promise<InnkeeperError> =>
  call.then(
    () => Promise.reject(),
    (error) => error,
  );

describe('what is tried again', () => {
  it.each([
    ['a refusal that says so', busy],
    ['a connection that failed', lost],
    ['a proxy that got no answer', () => new Response('<h1>Bad Gateway</h1>', { status: 502 })],
    [
      'a server that is starting',
      () =>
        Response.json({ error: { code: 'STARTING', message: '', retryable: true, requestId: 'r' } }, { status: 503 }),
    ],
    ['an answer cut in the middle', () => new Response(brokenBody(), { status: 200 })],
  ])('%s', async (_, failing) => {
    const { client, requests } = clientAtEdge(inTurn(failing, done('booked')));
    expect(await client.bookings.confirm.mutate({ bookingId })).toBe('booked');
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['a refusal for good', refused('HOLD_EXPIRED', { status: 409 }), 'HOLD_EXPIRED'],
    ['an answer that is not Innkeeper’s', () => new Response('<h1>Hello</h1>'), 'UNEXPECTED_ANSWER'],
  ])('not %s', async (_, failing, code) => {
    const { client, requests } = clientAtEdge(inTurn(failing, done()));
    expect(await caught(client.bookings.confirm.mutate({ bookingId }))).toMatchObject({ code, retryable: false });
    expect(requests).toHaveLength(1);
  });

  it('not a mutation without a key, whatever the error says', async () => {
    const { client, requests } = clientAtEdge(inTurn(lost, done()));
    const error = await caught(client.auth.refresh.mutate({ refreshToken: 'used only once' }));
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', retryable: true });
    expect(requests).toHaveLength(1);
  });

  it('in a batch, only the calls that failed', async () => {
    const failing = new Set(['b', 'd']);
    const { client, requests } = clientAtEdge(
      callByCall(({ input }) => (failing.delete(String(input.bookingId)) ? busy : done(input.bookingId))),
    );
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => client.bookings.get.query({ bookingId: id })));
    expect(answers).toEqual(['a', 'b', 'c', 'd']);
    const sent = requests.map(({ calls }) => calls.map(({ input }) => input.bookingId));
    expect(sent).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'd'],
    ]);
  });
});

describe('how often', () => {
  it('gives up after four retries with the last error', async () => {
    const { client, requests } = clientAtEdge(inTurn(lost, lost, lost, lost, busy));
    expect(await caught(client.bookings.get.query({ bookingId }))).toMatchObject({ code: 'BUSY', retryable: true });
    expect(requests).toHaveLength(5);
  });

  it.each([0, 2])('tries again %i times when told so', async (retries) => {
    const { client, requests } = clientAtEdge(inTurn(busy), { retries });
    expect(await caught(client.bookings.get.query({ bookingId }))).toMatchObject({ code: 'BUSY' });
    expect(requests).toHaveLength(retries + 1);
  });
});

describe('the wait before a retry', () => {
  it('doubles its range each time, and a lot decides within it', async () => {
    const { client, delays } = clientAtEdge(inTurn(busy, busy, busy, busy, done()), { lot: 0.5 });
    await client.bookings.get.query({ bookingId });
    expect(delays).toEqual([125, 250, 500, 1_000]);
  });

  it('is never shorter than what the server asks for, never more than ten seconds longer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 30 }),
        (failures, lot, retryAfterSeconds) => {
          const error = failure('BUSY', '', { retryable: true, details: { retryAfterSeconds } });
          const delay = retryDelayMs(error, failures, () => lot) ?? Number.NaN;
          expect(delay).toBeGreaterThanOrEqual(retryAfterSeconds * 1_000);
          expect(delay).toBeLessThan(retryAfterSeconds * 1_000 + Math.min(10_000, 250 * 2 ** (failures - 1)));
        },
      ),
    );
  });

  it('is told by the header Retry-After too', async () => {
    const starting = () =>
      Response.json(
        { error: { code: 'STARTING', message: '', retryable: true, requestId: 'r' } },
        { status: 503, headers: { 'Retry-After': '3' } },
      );
    const { client, delays } = clientAtEdge(inTurn(starting, done()), { lot: 0 });
    await client.bookings.get.query({ bookingId });
    expect(delays).toEqual([3_000]);
  });

  it('is not waited when it would be longer than half a minute', async () => {
    const later = refused('TOO_MANY_ATTEMPTS', { status: 429, retryable: true, details: { retryAfterSeconds: 31 } });
    const { client, requests, delays } = clientAtEdge(inTurn(later, done()));
    const error = await caught(client.bookings.get.query({ bookingId }));
    expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', details: { retryAfterSeconds: 31 } });
    expect([requests.length, delays.length]).toEqual([1, 0]);
  });
});

describe('time', () => {
  it('cuts a request that gets no answer in time, and tries again', async () => {
    const { client, requests, deadlines, lapse } = clientAtEdge(inTurn(silent, done('late')));
    const call = client.bookings.get.query({ bookingId });
    await expect.poll(() => deadlines.size).toBe(1);
    lapse();
    expect(await call).toBe('late');
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(deadlines.size).toBe(0);
  });

  it('says REQUEST_TIMEOUT when no try was answered', async () => {
    const { client, deadlines, lapse } = clientAtEdge(silent, { retries: 0, timeoutMs: 1_234 });
    const call = caught(client.bookings.get.query({ bookingId }));
    await expect.poll(() => deadlines.size).toBe(1);
    lapse();
    expect(await call).toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true, status: null, requestId: null });
    expect((await call).message).toContain('1234 ms');
  });

  it('ends at once when the caller gives up while it waits to try again', async () => {
    const { client, requests, delays, holdDelays } = clientAtEdge(inTurn(busy, done()));
    const held = holdDelays();
    const given = new AbortController();
    const call = caught(client.bookings.get.query({ bookingId }, { signal: given.signal }));
    await expect.poll(() => delays).toHaveLength(1);
    given.abort(new Error('the page was left'));
    expect(await call).toMatchObject({ code: 'ABORTED', retryable: false });
    expect([requests.length, held.length]).toEqual([1, 0]);
  });

  it('ends at once for a caller who gives up, though others in the batch wait on', async () => {
    let release = () => {};
    const { client, requests } = clientAtEdge(async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return answer(
        request,
        request.calls.map(() => done('here')),
      );
    });
    const given = new AbortController();
    const gone = caught(client.bookings.get.query({ bookingId }, { signal: given.signal }));
    const stays = client.bookings.get.query({ bookingId });
    await expect.poll(() => requests).toHaveLength(1);
    given.abort();
    expect(await gone).toMatchObject({ code: 'ABORTED' });
    expect(requests[0]?.signal.aborted).toBe(false);
    release();
    expect(await stays).toBe('here');
  });
});

function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('[{"result":'));
      controller.error(new TypeError('terminated'));
    },
  });
}
