import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Consumer, createDispatcher, type OutboxEvent } from '../../../src/features/events/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { settledEvents } from '../../support/settled-events.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const follower = (name: string, fault: (event: OutboxEvent) => boolean = () => false) => {
  const seen: string[] = [];
  const consumer: Consumer = {
    name,
    handle: async (_tx, events) => {
      const bad = events.find(fault);
      if (bad) throw new Error(`${bad.type} is not to my taste`);
      seen.push(...events.map(({ type }) => type));
    },
  };
  return { consumer, seen };
};

const dispatcherOf = (...consumers: Consumer[]) => {
  const faults: string[] = [];
  const setAside: string[] = [];
  const dispatcher = createDispatcher({
    ...{ database: app.application.database, clock: app.clock, consumers },
    onFault: (consumer, error) => faults.push(`${consumer}: ${(error as Error).message}`),
    onSetAside: (consumer) => setAside.push(consumer),
  });
  return { dispatcher, faults, setAside };
};

const insert = (tenantId: string, ...types: string[]) =>
  tenantRows(app.database, tenantId, `select app.append_event(t, '{}'::jsonb, $2) from unnest($1::text[]) as t`, [
    types,
    app.clock.nowIso(),
  ]);

const write = async (tenantId: string, ...types: string[]): Promise<void> => {
  await insert(tenantId, ...types);
  await settledEvents(app.database, tenantId);
};

/** A transaction of the tenant that has taken its number and is not over yet. */
const begin = async (tenantId: string) => {
  const connection = new pg.Client({ connectionString: app.database.ownerUrl });
  await connection.connect();
  await connection.query('begin');
  await connection.query(`select set_config('app.tenant', $1, true), pg_current_xact_id()`, [tenantId]);
  return {
    write: (type: string) =>
      connection.query(`select app.append_event($1, '{}'::jsonb, $2)`, [type, app.clock.nowIso()]),
    async commit() {
      await connection.query('commit');
      await connection.end();
    },
  };
};

it('an event that was begun early and committed late is skipped by no consumer', async () => {
  const { tenantId } = await app.tenant('late');
  const [one, other] = [follower('one'), follower('other')];
  const { dispatcher } = dispatcherOf(one.consumer, other.consumer);
  const early = await begin(tenantId);
  await early.write('early');
  await insert(tenantId, 'late 1', 'late 2');
  await dispatcher.tell(tenantId);
  expect([one.seen, other.seen]).toEqual([[], []]);
  await early.commit();
  await settledEvents(app.database, tenantId);
  await dispatcher.tell(tenantId);
  for (const { seen } of [one, other]) expect(seen).toEqual(['early', 'late 1', 'late 2']);
});

it('a consumer that can’t handle an event is asked again later and later, then goes on without it; others never wait', async () => {
  const { tenantId } = await app.tenant('poison');
  const picky = follower('picky', ({ type }) => type === 'bad');
  const easy = follower('easy');
  const { dispatcher, faults, setAside } = dispatcherOf(picky.consumer, easy.consumer);
  await write(tenantId, 'good 1', 'bad', 'good 2');
  for (let tries = 1; tries <= 6; tries++) {
    expect(setAside).toEqual([]);
    await dispatcher.tell(tenantId);
    expect(easy.seen).toEqual(['good 1', 'bad', 'good 2']);
    expect(faults).toHaveLength(tries);
    await dispatcher.tell(tenantId);
    expect(faults).toHaveLength(tries);
    app.clock.advanceTo(new Date(app.clock.nowMs() + 10_000).toISOString());
  }
  expect(picky.seen).toEqual(['good 1', 'good 2']);
  expect(setAside).toEqual(['picky']);
  const kept = await tenantRows(app.database, tenantId, 'select consumer, reason from event_set_aside', []);
  expect(kept).toEqual([{ consumer: 'picky', reason: 'bad is not to my taste' }]);
});

it('several dispatchers hand each event to a consumer once, in order', async () => {
  const { tenantId } = await app.tenant('several');
  const { consumer, seen } = follower('shared');
  const dispatchers = Array.from({ length: 4 }, () => dispatcherOf(consumer).dispatcher);
  const types = Array.from({ length: 300 }, (_, index) => `event ${index}`);
  for (let from = 0; from < types.length; from += 50) {
    await write(tenantId, ...types.slice(from, from + 50));
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.tell(tenantId)));
  }
  expect(seen).toEqual(types);
});

it('whoever was not woken is found by looking, and what runs when a dispatcher stops is finished', async () => {
  const { tenantId } = await app.tenant('forgotten');
  const { consumer, seen } = follower('looked for');
  const { dispatcher } = dispatcherOf(consumer);
  await write(tenantId, 'forgotten');
  await dispatcher.tellAll();
  await expect.poll(() => seen).toContain('forgotten');
  await dispatcher.stop();
  await write(tenantId, 'too late');
  await dispatcher.tell(tenantId);
  expect(seen).not.toContain('too late');
});
