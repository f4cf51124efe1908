import pg from 'pg';
import { FIRST_NIGHT, NIGHTS, ROOM_TYPES, ROOMS, type Wish } from './demand.ts';
import { Again } from './way.ts';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const LOCK_TIMEOUT = '55P03';
const CHECK_VIOLATION = '23514';
const EXCLUSION_VIOLATION = '23P01';

/**
 * Tables of a schema of their own with connections to them, until `opened` is disposed of: what an application without all
 * the rest would have.
 */
export const openPlainTables = async (
  opened: AsyncDisposableStack,
  url: string,
  schema: string,
  connections: number,
) => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    options: `-c search_path=${schema},public -c lock_timeout=3s`,
  });
  opened.defer(() => pool.end());
  await pool.query(`create schema ${schema}`);
  await pool.query(
    'create table night (room_type int, night date, rooms int, sold int, primary key (room_type, night), check (sold <= rooms))',
  );
  await pool.query(
    'create table stay (id bigserial primary key, room_type int, room int, arrival date, departure date)',
  );
  await pool.query('create index on stay (room_type)');
  await pool.query(
    `insert into night select t, $1::date + n, ${ROOMS}, 0
     from generate_series(0, ${ROOM_TYPES - 1}) t, generate_series(0, ${NIGHTS - 1}) n`,
    [FIRST_NIGHT],
  );
  await pool.query('vacuum analyze');
  return {
    pool,
    async stays(): Promise<number> {
      const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from stay');
      return rows[0]?.count ?? Number.NaN;
    },
    async nightsOversold(): Promise<number> {
      const { rows } = await pool.query<{ count: number }>(
        `select count(*)::int as count from (
           select from night join stay using (room_type) where night >= arrival and night < departure
           group by room_type, night having count(*) > ${ROOMS}) oversold`,
      );
      return rows[0]?.count ?? Number.NaN;
    },
  };
};

type Work = (client: pg.PoolClient, values: [roomType: number, arrival: string, departure: string]) => Promise<boolean>;

/**
 * Runs `work` in a transaction that begins with `begin`; rolls back what it refuses. Throws Again for what another
 * transaction was in the way of; a broken CHECK is a refusal.
 */
export const inTransaction = async (
  pool: pg.Pool,
  begin: string,
  { roomType, arrival, departure }: Wish,
  work: Work,
): Promise<boolean> => {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const booked = await work(client, [roomType, arrival, departure]);
    await client.query(booked ? 'commit' : 'rollback');
    return booked;
  } catch (error) {
    await client.query('rollback');
    const { code = '' } = error as { code?: string };
    if (code === CHECK_VIOLATION) return false;
    if ([SERIALIZATION_FAILURE, DEADLOCK, LOCK_TIMEOUT, EXCLUSION_VIOLATION].includes(code)) throw new Again(code);
    throw error;
  } finally {
    client.release();
  }
};

/** A night of the stay on which as many stays as rooms are stored already. */
export const FULL_NIGHT = `
  select night from night
  where room_type = $1 and night >= $2 and night < $3 and rooms <= (
    select count(*) from stay where stay.room_type = $1 and arrival <= night and departure > night)
  limit 1`;
export const INSERT_STAY = 'insert into stay (room_type, arrival, departure) values ($1, $2, $3)';
export const COUNT_NIGHTS = 'update night set sold = sold + 1 where room_type = $1 and night >= $2 and night < $3';
