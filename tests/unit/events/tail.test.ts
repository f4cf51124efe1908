import { expect, it } from 'vitest';
import type { FeedReads } from '../../../src/features/events/feed-reads.ts';
import type { OutboxPosition } from '../../../src/features/events/outbox.ts';
import { createSubscriber, type LiveEvent } from '../../../src/features/events/subscriber.ts';
import { createTail } from '../../../src/features/events/tail.ts';
import { liveEvent } from './live-event.ts';

interface Answer {
  events?: LiveEvent[];
  unsettled?: boolean;
  fails?: boolean;
  timeline?: string;
}

/** A tail whose reads answer in turn and whose timers are rung by hand; the last answer stands for all after it. */
const tailOf = (...answers: Answer[]) => {
  const looks: OutboxPosition[] = [];
  const faults: unknown[] = [];
  const ownersOf: LiveEvent[][] = [];
  let timer: { ms: number; ring: () => void } | null = null;
  const reads: FeedReads = {
    present: async () => ({
      place: { txid: '10', position: 0 },
      timeline: answers[Math.min(looks.length, answers.length - 1)]?.timeline ?? '00000001',
    }),
    assertReached: async () => ({ timeline: '00000001' }),
    page: async () => ({ events: [], timeline: '00000001' }),
    addOwners: async (_tenant, events) => void ownersOf.push(events),
    async next(_tenant, from) {
      const {
        events = [],
        unsettled = false,
        fails = false,
        timeline = '00000001',
      } = answers[Math.min(looks.length, answers.length - 1)] ?? {};
      looks.push(from);
      if (fails) throw new Error('no database');
      return { events, unsettled, timeline };
    },
  };
  const tail = createTail({
    tenant: 'tenant',
    reads,
    pollMs: 1_000,
    onFault: (error) => faults.push(error),
    startTimer(ms, ring) {
      timer = { ms, ring };
      return () => {
        timer = null;
      };
    },
  });
  /** The pause that it makes now, in milliseconds; `end` ends it. */
  const pause = async () => {
    await expect.poll(() => timer, { interval: 1 }).not.toBeNull();
    const { ms, ring } = timer ?? { ms: 0, ring: () => {} };
    const end = () => {
      timer = null;
      ring();
    };
    return { ms, end };
  };
  const pauses = async (count: number) => {
    const lengths: number[] = [];
    for (let time = 0; time < count; time++) {
      const { ms, end } = await pause();
      lengths.push(ms);
      end();
    }
    return lengths;
  };
  const subscriber = (needsOwner = false) =>
    createSubscriber({ wants: () => true, needsOwner, maxEvents: 1_000, maxBytes: 1e6, maxQuiet: 500 });
  return { tail, looks, faults, ownersOf, pause, pauses, subscriber, hasTimer: () => timer !== null };
};

it('one look serves all subscribers, and each goes on where the one before ended', async () => {
  const { tail, looks, pauses, subscriber } = tailOf({ events: [liveEvent(1), liveEvent(2)] }, {});
  const both = [subscriber(), subscriber()];
  const begun = await Promise.all(both.map((one) => tail.join(one)));
  expect(begun).toEqual(both.map(() => ({ place: { txid: '10', position: 0 }, timeline: '00000001' })));
  for (const one of both) expect((await one.take()).events).toHaveLength(2);
  await pauses(1);
  await expect
    .poll(() => looks)
    .toEqual([
      { txid: '10', position: 0 },
      { txid: '10', position: 2 },
    ]);
  expect(await tail.join(subscriber())).toMatchObject({ place: { txid: '10', position: 2 } });
});

it('what is not final yet is looked for soon, then later and later, and all of it anew after an event', async () => {
  const waiting = { unsettled: true };
  const { tail, pauses, subscriber } = tailOf(
    ...Array.from({ length: 9 }, () => waiting),
    { events: [liveEvent(1)], unsettled: true },
    waiting,
    {},
  );
  await tail.join(subscriber());
  expect(await pauses(12)).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 10, 20, 1_000]);
});

it('a full page is followed by the next one without a pause', async () => {
  const page = Array.from({ length: 100 }, (_, index) => liveEvent(index + 1));
  const { tail, looks, pause, subscriber } = tailOf({ events: page }, {});
  await tail.join(subscriber());
  expect((await pause()).ms).toBe(1_000);
  expect(looks).toHaveLength(2);
});

it('a wake-up ends a pause at once; one that comes during a look leaves a short pause', async () => {
  const { tail, looks, pause, subscriber } = tailOf({});
  await tail.join(subscriber());
  await pause();
  tail.wake();
  await expect.poll(() => looks).toHaveLength(2);
  const other = tailOf({});
  const joined = other.tail.join(other.subscriber());
  await joined;
  other.tail.wake();
  expect((await other.pause()).ms).toBe(10);
});

it('while the database is gone it keeps trying, says so once a time, and keeps its subscribers', async () => {
  const gone = { fails: true };
  const { tail, faults, pauses, subscriber } = tailOf(gone, gone, { events: [liveEvent(1)] }, gone, {});
  const one = subscriber();
  await tail.join(one);
  expect(await pauses(2)).toEqual([1_000, 1_000]);
  expect((await one.take()).events).toHaveLength(1);
  expect(faults).toHaveLength(1);
  await pauses(2);
  expect(faults).toHaveLength(2);
});

it('it looks no more once the last subscriber has left', async () => {
  const { tail, looks, pause, subscriber, hasTimer } = tailOf({});
  const [one, other] = [subscriber(), subscriber()];
  await Promise.all([tail.join(one), tail.join(other)]);
  await pause();
  tail.leave(one);
  expect(hasTimer()).toBe(true);
  tail.leave(other);
  expect(hasTimer()).toBe(false);
  expect(looks).toHaveLength(1);
});

it('whose bookings events are of is asked for only while somebody has to know', async () => {
  const { tail, ownersOf, pauses, subscriber } = tailOf({ events: [liveEvent(1)] }, { events: [liveEvent(2)] }, {});
  await tail.join(subscriber());
  await pauses(1);
  const curious = subscriber(true);
  await tail.join(curious);
  expect((await curious.take()).events).toHaveLength(1);
  expect(ownersOf.map((events) => events.map(({ position }) => position))).toEqual([[2]]);
});

it('when another primary has taken over, all subscribers are told to read anew, and whoever comes then is given all that comes', async () => {
  const after = { timeline: '00000002' };
  const reused = liveEvent(7, { txid: '11' });
  const answers = [{ events: [liveEvent(9, { txid: '12' })] }, { ...after, events: [liveEvent(1)] }];
  const { tail, looks, pauses, pause, subscriber } = tailOf(...answers, { ...after, events: [reused] }, after);
  const [one, other] = [subscriber(), subscriber()];
  await Promise.all([tail.join(one), tail.join(other)]);
  expect((await one.take()).events).toHaveLength(1);
  await pauses(1);
  const { end } = await pause();
  const newcomer = subscriber();
  for (const ended of [one, other]) {
    await expect(ended.take()).rejects.toMatchObject({ code: 'EVENTS_GONE', retryable: false });
  }
  const joining = tail.join(newcomer);
  for (const ended of [one, other]) tail.leave(ended);
  end();
  expect(await joining).toEqual({ place: { txid: '10', position: 0 }, timeline: '00000002' });
  expect((await newcomer.take()).events).toEqual([reused]);
  expect(looks.slice(0, 3).map(({ txid }) => txid)).toEqual(['10', '12', '10']);
  tail.leave(newcomer);
});

it('it also ends when all its subscribers were ended by a failover', async () => {
  const { tail, looks, pauses, pause, subscriber, hasTimer } = tailOf({}, { timeline: '00000002' });
  const one = subscriber();
  await tail.join(one);
  await pauses(1);
  await expect(one.take()).rejects.toMatchObject({ code: 'EVENTS_GONE' });
  await pause();
  tail.leave(one);
  expect([hasTimer(), looks.length]).toEqual([false, 2]);
});
