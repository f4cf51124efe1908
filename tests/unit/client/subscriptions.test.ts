import { describe, expect, it } from 'vitest';
import type { InnkeeperClientOptions } from '../../../src/client/create-client.ts';
import type { InnkeeperError } from '../../../src/client/innkeeper-error.ts';
import { clientAtEdge, type FarSide, inTurn, lost, silent } from './edge.ts';

const connected = 'event: connected\ndata: {"reconnectAfterInactivityMs":45000}\n\n';
const bookmark = (id: string) => `event: ping\ndata: \nid: ${id}\n\n`;
const event = (id: string) => `data: "${id}"\nid: ${id}\n\n`;
const refusal = (code: string, more: object = {}) => {
  const data = { code, message: code, retryable: false, httpStatus: 400, requestId: 'request-1', ...more };
  return `event: serialized-error\ndata: ${JSON.stringify({ message: code, code: -32_600, data })}\n\n`;
};
const complete = 'event: return\ndata: \n\n';

/** Answers with these frames, then goes on as `then` says. */
const stream =
  (frames: string[], then: 'end' | 'break' | 'stay' = 'end'): FarSide =>
  ({ signal }) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const frame of frames) controller.enqueue(new TextEncoder().encode(frame));
        if (then === 'end') controller.close();
        signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
      },
      pull(controller) {
        if (then === 'break') controller.error(new TypeError('terminated'));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };

const run = (farSide: FarSide, options: Partial<InnkeeperClientOptions> & { lot?: number } = {}, input = {}) => {
  const edge = clientAtEdge(farSide, options);
  const seen: string[] = [];
  const over = Promise.withResolvers<InnkeeperError | null>();
  const subscription = edge.client.bookings.changes.subscribe(input, {
    onData: ({ id }) => void seen.push(id),
    onError: (error) => over.resolve(error as InnkeeperError),
    onComplete: () => over.resolve(null),
  });
  const lastIds = () =>
    edge.requests.map(({ url }) => JSON.parse(url.searchParams.get('input') ?? '').lastEventId as string | undefined);
  return { ...edge, seen, over: over.promise, subscription, lastIds };
};

describe('a subscription goes on after its last id', () => {
  it.each([
    ['a stream that ends', stream([connected, event('7')])],
    ['a connection that breaks', stream([connected, event('7')], 'break')],
    [
      'a reader dropped as too slow',
      stream([connected, event('7'), refusal('SUBSCRIBER_TOO_SLOW', { retryable: true })]),
    ],
    ['a server that stops', stream([connected, event('7'), refusal('SERVER_STOPPING', { retryable: true })])],
    ['a bookmark without events', stream([connected, bookmark('7')])],
  ])('after %s', async (_, first) => {
    const { over, lastIds, requests } = run(inTurn(first, stream([connected, event('8'), complete])), {
      apiKey: 'the-key',
    });
    expect(await over).toBeNull();
    expect(lastIds()).toEqual([undefined, '7']);
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer the-key', 'Bearer the-key']);
  });

  it('and from the one that it was given, until there is a later one', async () => {
    const { over, lastIds } = run(
      inTurn(lost, stream([connected, event('8')]), stream([complete])),
      {},
      { lastEventId: '5' },
    );
    await over;
    expect(lastIds()).toEqual(['5', '5', '8']);
  });

  it('without giving an event twice or out of order', async () => {
    const { over, seen } = run(
      inTurn(
        stream([connected, event('1'), event('2')]),
        stream([connected, event('3')], 'break'),
        stream([event('4'), complete]),
      ),
    );
    await over;
    expect(seen).toEqual(['1', '2', '3', '4']);
  });
});

describe('waits before connecting again', () => {
  it('grow while nothing comes, and begin anew once something has', async () => {
    const empty = stream([connected, bookmark('1')]);
    const { over, delays } = run(
      inTurn(lost, lost, empty, lost, stream([connected, event('2')]), lost, stream([complete])),
      { lot: 0.5 },
    );
    await over;
    expect(delays).toEqual([125, 250, 500, 1_000, 125, 250]);
  });

  it('do not pass while the subscription is given up, which ends it', async () => {
    const { holdDelays, requests, subscription, delays } = run(inTurn(lost));
    const held = holdDelays();
    await expect.poll(() => held.length).toBe(1);
    subscription.unsubscribe();
    expect(held).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(delays).toHaveLength(1);
  });
});

describe('a subscription ends', () => {
  it.each([
    [
      'with what the server says for good',
      stream([refusal('EVENTS_GONE', { details: { oldest: 'x' } })]),
      'EVENTS_GONE',
    ],
    ['with what is no stream', () => new Response('<h1>Hello</h1>'), 'UNEXPECTED_ANSWER'],
    [
      'with a procedure that is not there',
      () =>
        Response.json({
          error: { message: '', code: -32_004, data: { code: 'NO_SUCH_PROCEDURE', retryable: false, message: '' } },
        }),
      'NO_SUCH_PROCEDURE',
    ],
    [
      'when the key is refused',
      stream([connected, event('1'), refusal('INVALID_CREDENTIALS', { httpStatus: 401 })]),
      'INVALID_CREDENTIALS',
    ],
  ])('%s', async (_, farSide, code) => {
    const { over, requests } = run(farSide as FarSide, { apiKey: 'k' });
    expect(await over).toMatchObject({ name: 'InnkeeperError', code, retryable: false });
    expect(requests).toHaveLength(1);
  });

  it('with what its subscriber’s own code throws', async () => {
    const { client, requests } = clientAtEdge(stream([connected, event('1')], 'stay'));
    const error = await new Promise<unknown>((resolve) => {
      client.bookings.changes.subscribe(
        {},
        {
          onData: () => {
            throw new Error('a fault of mine');
          },
          onError: resolve,
        },
      );
    });
    expect(error).toMatchObject({ code: 'REQUEST_FAILED', message: 'a fault of mine' });
    expect(requests).toHaveLength(1);
  });

  it('and hangs up when it is given up', async () => {
    const { seen, subscription, requests } = run(stream([connected, event('1')], 'stay'));
    await expect.poll(() => seen).toEqual(['1']);
    subscription.unsubscribe();
    expect(requests[0]?.signal.aborted).toBe(true);
  });
});

it('an access token that ran out is asked for again, once a connection', async () => {
  let asked = 0;
  const expired = refusal('INVALID_CREDENTIALS', { httpStatus: 401 });
  const { over, seen, requests } = run(
    inTurn(stream([connected, event('1'), expired]), stream([connected, event('2'), expired]), stream([expired])),
    { accessToken: () => `token-${++asked}` },
  );
  expect(await over).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect(seen).toEqual(['1', '2']);
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(
    ['token-1', 'token-2', 'token-3'].map((token) => `Bearer ${token}`),
  );
});

it('a connection that gives no answer in time is given up for another', async () => {
  const { over, lapse, deadlines, requests } = run(inTurn(silent, stream([complete])));
  await expect.poll(() => deadlines.size).toBe(1);
  lapse();
  expect(await over).toBeNull();
  expect(requests).toHaveLength(2);
});

it('a stream on which nothing comes for too long is given up for another, which goes on after its last id', async () => {
  const { over, lapse, seen, lastIds } = run(inTurn(stream([connected, event('1')], 'stay'), stream([complete])));
  await expect.poll(() => seen).toEqual(['1']);
  lapse();
  expect(await over).toBeNull();
  expect(lastIds()).toEqual([undefined, '1']);
});
