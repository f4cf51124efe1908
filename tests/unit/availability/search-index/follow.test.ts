import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { expect, test } from 'vitest';
import { createFollower } from '../../../../src/features/availability/search-index/follow.ts';
import { IndexContent } from '../../../../src/features/availability/search-index/index-content.ts';
import { standingClock } from '../../../../src/kernel/clock.ts';
import type { ConsistencyToken } from '../../../../src/kernel/consistency-token.ts';
import type { Database } from '../../../../src/platform/db/database.ts';
import { noteRead } from '../../../../src/platform/db/position.ts';

const at = (bytes: number): ConsistencyToken => ({ timeline: '00000001', lsn: `0/${bytes.toString(16)}` });
const unused = () => Promise.reject(new Error('not used'));
const changed = {
  id: 'event',
  type: 'inventory.changed',
  payload: {
    nights: [{ roomTypeIds: ['00000000-0000-7000-8000-000000000001'], from: '2026-03-05', until: '2026-03-06' }],
  },
};
const sold = {
  ...changed,
  id: 'property',
  type: 'property.changed',
  payload: { propertyId: changed.payload.nights[0]?.roomTypeIds[0] },
};

test.each([
  ['nights', changed],
  ['properties', sold],
])('what an index shows of %s that were read beyond its events, callers are told as seen', async (_, event) => {
  const content = new IndexContent('2026-03-01');
  const database: Database = {
    transaction: unused,
    snapshot: unused,
    close: async () => {},
    async read<T>({ versions }: Parameters<Database['read']>[0], side: 'primary' | 'replica'): Promise<T> {
      const isLook = side === 'primary';
      noteRead(versions, at(256), isLook ? at(256) : at(512));
      return (isLook ? { events: [event], moment: '5:5:' } : []) as T;
    },
  };
  const options = { database, clock: standingClock('2026-03-02T12:00:00.000Z'), tenant: 'tenant' };
  const standing = await createFollower(options, content, '5:5:')([], false);
  expect(standing).toEqual({ includes: at(256), stoodAt: at(256), seen: at(512) });
  expect(content.seen).toEqual(at(512));
});

/** What a read would ask the database. */
const parametersOf = async (read: Parameters<Database['read']>[2]): Promise<unknown[]> => {
  const asked: unknown[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createDriver: () => new DummyDriver(),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log({ query }) {
      asked.push(...query.parameters);
    },
  });
  await read(db, () => {
    throw new Error('not used');
  });
  return asked;
};

test('a hold that ends while a look reads some nights of its room type makes the next look read all of them', async () => {
  const roomTypeId = changed.payload.nights[0]?.roomTypeIds[0] ?? '';
  const endsAt = '2026-03-02T12:00:00.005Z';
  const clock = standingClock('2026-03-02T12:00:00.000Z');
  const content = new IndexContent('2026-03-01');
  content.holdEnds.set(roomTypeId, Date.parse(endsAt));
  const passing = (then: string) => ({
    nowMs() {
      const now = clock.nowMs();
      clock.advanceTo(then);
      return now;
    },
    nowIso() {
      const now = clock.nowIso();
      clock.advanceTo(then);
      return now;
    },
  });
  const nightsRead: unknown[] = [];
  const database: Database = {
    transaction: unused,
    snapshot: unused,
    close: async () => {},
    async read<T>(
      { versions }: Parameters<Database['read']>[0],
      side: 'primary' | 'replica',
      read: Parameters<Database['read']>[2],
    ): Promise<T> {
      noteRead(versions, at(256), at(256));
      if (side === 'primary') return { events: [changed], moment: '5:5:' } as T;
      const parameters = await parametersOf(read);
      nightsRead.push(parameters[1]);
      const nowIso = parameters.map(String).find((text) => text.endsWith('Z')) ?? '';
      const nextHoldEnd = endsAt > nowIso ? endsAt : null;
      const texts = { rooms: null, prices: null, stays: null, advances: null };
      return [{ roomTypeId, ratePlanId: '', from: 4, until: 5, nextHoldEnd, openedNights: null, ...texts }] as T;
    },
  };
  const options = { database, clock: passing('2026-03-02T12:00:00.010Z'), tenant: 'tenant' };
  const look = createFollower(options, content, '5:5:');
  await look([], false);
  expect(nightsRead).toEqual([['2026-03-05']]);
  await look([], false);
  expect(nightsRead).toEqual([['2026-03-05'], ['2026-03-01']]);
});
