import { expect, it } from 'vitest';
import { createSubscriber, type LiveEvent, type SubscriberOptions } from '../../../src/features/events/subscriber.ts';
import { liveEvent } from './live-event.ts';

const subscriberOf = (changes: Partial<SubscriberOptions> = {}) =>
  createSubscriber({ wants: () => true, needsOwner: false, maxEvents: 3, maxBytes: 100, maxQuiet: 5, ...changes });
const events = (...positions: number[]) => positions.map((position) => liveEvent(position));
const places = (taken: { events: LiveEvent[] }) => taken.events.map(({ position }) => position);

it('what was pushed is taken once, in order, also by one who waited for it', async () => {
  const subscriber = subscriberOf();
  const waited = subscriber.take();
  subscriber.push(events(1));
  subscriber.push(events(2, 3));
  expect(places(await waited)).toEqual([1, 2, 3]);
  subscriber.push(events(4));
  expect(await subscriber.take()).toMatchObject({ seen: { txid: '10', position: 4 }, over: false });
});

it.each([
  ['too many events', [events(1), events(2, 3, 4)]],
  ['too many bytes', [events(1), [liveEvent(2, { bytes: 91 })]]],
])('with %s waiting it ends with a code to go on after, and keeps none of them', async (_, pushed) => {
  const subscriber = subscriberOf();
  for (const batch of pushed) subscriber.push(batch);
  subscriber.push(events(5));
  await expect(subscriber.take()).rejects.toMatchObject({ code: 'SUBSCRIBER_TOO_SLOW', retryable: true });
});

it('what comes at once is no sign of slowness, however much it is', async () => {
  const subscriber = subscriberOf();
  subscriber.push(events(1, 2, 3, 4));
  expect(places(await subscriber.take())).toEqual([1, 2, 3, 4]);
});

it('as much as may wait does no harm, again and again', async () => {
  const subscriber = subscriberOf();
  for (const first of [1, 4, 7]) {
    subscriber.push(events(first, first + 1, first + 2));
    expect(places(await subscriber.take())).toEqual([first, first + 1, first + 2]);
  }
});

it('unwanted events take no room, and after many of them it hears how far it has come', async () => {
  const subscriber = subscriberOf({ wants: ({ position }) => position > 100 });
  const waited = subscriber.take();
  subscriber.push(events(1, 2, 3, 4));
  subscriber.push(events(5));
  expect(await waited).toMatchObject({ events: [], seen: { position: 5 } });
});

it('an end wakes who waits, with its error or without', async () => {
  const [left, failed] = [subscriberOf(), subscriberOf()];
  const waits = [left.take(), failed.take()] as const;
  left.end(null);
  failed.end(new RangeError() as never);
  expect(await waits[0]).toMatchObject({ over: true, events: [] });
  await expect(waits[1]).rejects.toThrow(RangeError);
});
