import type pg from 'pg';
import { ROOMS, type Wish } from './demand.ts';
import { COUNT_NIGHTS, FULL_NIGHT, INSERT_STAY, inTransaction, openPlainTables } from './plain-tables.ts';
import type { Way } from './way.ts';

type Book = (pool: pg.Pool, wish: Wish) => Promise<boolean>;

/** Looks for a full night, and stores the stay if there is none. Two that look at once both find room. */
export const checkThenInsert =
  (begin: string): Book =>
  (pool, wish) =>
    inTransaction(pool, begin, wish, async (client, values) => {
      if ((await client.query(FULL_NIGHT, values)).rowCount) return false;
      await client.query(INSERT_STAY, values);
      return true;
    });

/** Counts the nights in one UPDATE, which a CHECK bounds. */
const counterWithCheck: Book = (pool, wish) =>
  inTransaction(pool, 'begin', wish, async (client, values) => {
    await client.query(COUNT_NIGHTS, values);
    await client.query(INSERT_STAY, values);
    return true;
  });

/** Locks the nights in their order before it looks at them. */
const orderedLock: Book = (pool, wish) =>
  inTransaction(pool, 'begin', wish, async (client, values) => {
    const { rows } = await client.query<{ full: boolean }>(
      `select sold >= rooms as full from night where room_type = $1 and night >= $2 and night < $3
       order by night for update`,
      values,
    );
    if (rows.some(({ full }) => full)) return false;
    await client.query(COUNT_NIGHTS, values);
    await client.query(INSERT_STAY, values);
    return true;
  });

/** Looks for a room that is free, and stores a stay in it, which may not overlap another. */
const exclusion: Book = (pool, wish) =>
  inTransaction(pool, 'begin', wish, async (client, values) => {
    const { rows } = await client.query<{ room: number }>(
      `select room from generate_series(1, ${ROOMS}) room
       where not exists (
         select from stay where room_type = $1 and stay.room = room.room
           and daterange(arrival, departure) && daterange($2, $3))
       order by random() limit 1`,
      values,
    );
    const [free] = rows;
    if (!free) return false;
    await client.query('insert into stay (room_type, arrival, departure, room) values ($1, $2, $3, $4)', [
      ...values,
      free.room,
    ]);
    return true;
  });

const NO_OVERLAP = `create extension btree_gist with schema public; alter table stay add exclude using gist
  (room_type with =, room with =, daterange(arrival, departure) with &&)`;

const WAYS: { name: string; schema: string; book: Book; constraint?: string }[] = [
  { name: 'check, then insert', schema: 'check_then_insert', book: checkThenInsert('begin') },
  { name: 'serializable', schema: 'serializable', book: checkThenInsert('begin isolation level serializable') },
  { name: 'counter with CHECK', schema: 'counter', book: counterWithCheck },
  { name: 'exclusion constraint', schema: 'exclusion', book: exclusion, constraint: NO_OVERLAP },
  { name: 'ordered row locks', schema: 'ordered_lock', book: orderedLock },
];

/** What one does with PostgreSQL alone; the login has to be a superuser's. */
export const openDatabaseWays = (opened: AsyncDisposableStack, url: string, clients: number): Promise<Way[]> =>
  Promise.all(
    WAYS.map(async ({ name, schema, book, constraint }) => {
      const tables = await openPlainTables(opened, url, schema, clients);
      if (constraint) await tables.pool.query(constraint);
      const { pool, stays, nightsOversold } = tables;
      return { name, book: (wish) => book(pool, wish), stays, nightsOversold };
    }),
  );
