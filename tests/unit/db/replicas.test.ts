import pg from 'pg';
import { expect, test } from 'vitest';
import { standingByServer } from '../../../src/platform/db/replica-standing.ts';
import { createReplicas } from '../../../src/platform/db/replicas.ts';

const MAX_LAG_MS = 10_000;
const TIMELINE = '00000001';
const LONG = 60;

/** Servers behind one name. */
const behindOneName = () => {
  const pool = new pg.Pool();
  const replicas = createReplicas(
    [pool],
    () => {},
    () => {},
  );
  const known = (server: string) => replicas.known(pool, { server, timeline: TIMELINE });
  /** So many checks come to the server. */
  const check = (server: string, times = 1) => {
    for (let time = 0; time < times; time++) {
      const replica = known(server);
      replicas.answered(replica);
      replicas.checked(replica, 0, MAX_LAG_MS);
    }
  };
  const servers = () => replicas.all().map(({ server }) => server);
  return { ...replicas, replicas, pool, known, check, servers };
};

test('a server whose address nobody has any more is forgotten once the checks have long come to others', () => {
  const { known, check, servers, checked, unreachable, pool } = behindOneName();
  checked(known('10.0.0.5:5432'), 12_000, MAX_LAG_MS);
  unreachable(pool);
  check('10.0.0.9:5432', LONG - 1);
  expect(servers()).toEqual(['10.0.0.5:5432', '10.0.0.9:5432']);
  check('10.0.0.9:5432');
  expect(servers()).toEqual(['10.0.0.9:5432']);
});

test('of a thousand addresses none is remembered but the one that is there', () => {
  const { check, servers } = behindOneName();
  for (let pod = 0; pod < 1_000; pod++) check(`10.1.${pod >> 8}.${pod & 255}:5432`);
  expect(servers().length).toBeLessThanOrEqual(LONG);
  check('10.2.0.1:5432', LONG);
  expect(servers()).toEqual(['10.2.0.1:5432']);
});

test('servers that take turns behind one name are all remembered', () => {
  const { check, servers } = behindOneName();
  for (let time = 0; time < 5 * LONG; time++) check(`10.0.0.${time % 10}:5432`);
  expect(servers()).toHaveLength(10);
});

test('a server that reads are still answered by, or that a connection leads to, is remembered', () => {
  const { known, check, servers, stands } = behindOneName();
  const read = known('10.0.0.5:5432');
  known('10.0.0.6:5432').connections = 1;
  for (let time = 0; time < 2 * LONG; time++) {
    check('10.0.0.9:5432');
    stands(read, { timeline: TIMELINE, lsn: '0/1' });
  }
  expect(servers()).toEqual(['10.0.0.5:5432', '10.0.0.6:5432', '10.0.0.9:5432']);
});

test('a server that is the only one and fails is remembered as failing', () => {
  const { known, unreachable, pool, all, inOrder } = behindOneName();
  known('10.0.0.5:5432');
  for (let time = 0; time < 2 * LONG; time++) unreachable(pool);
  expect(all().map(({ ejected }) => ejected)).toEqual(['failing']);
  expect(inOrder(null)).toEqual([]);
});

test('a quiet server that is gone lets its name be left out with the one that is there', () => {
  const { known, check, inOrder, pool, failed } = behindOneName();
  known('10.0.0.5:5432');
  check('10.0.0.9:5432', LONG);
  failed(known('10.0.0.9:5432'));
  expect(inOrder(null)).toEqual([]);
  expect(pool.totalCount).toBe(0);
});

test('a server that was made anew on an earlier timeline is believed once it has said so thrice, and old news is not', () => {
  const { known, stands, replicas, pool } = behindOneName();
  const say = (timeline: string) => replicas.known(pool, { server: 'a', timeline }).timeline;
  const replica = known('a');
  expect(say('00000002')).toBe('00000002');
  stands(replica, { timeline: '00000002', lsn: '0/1' });
  expect([say(TIMELINE), say(TIMELINE), say('00000002'), say(TIMELINE), say(TIMELINE)]).toEqual(
    Array.from({ length: 5 }, () => '00000002'),
  );
  expect(say(TIMELINE)).toBe(TIMELINE);
  expect(replica.position).toBeNull();
});

test('a server that two pools reach has one standing, the worst of theirs', () => {
  const fine = { server: 'a', lagMs: 5, lagBytes: null, ejected: null };
  const lagging = { server: 'a', lagMs: 90_000, lagBytes: 7, ejected: 'lagging' as const };
  const other = { server: 'b', lagMs: null, lagBytes: 1, ejected: null };
  for (const both of [
    [fine, lagging, other],
    [lagging, fine, other],
  ]) {
    expect(standingByServer(both)).toEqual([lagging, other]);
  }
});
