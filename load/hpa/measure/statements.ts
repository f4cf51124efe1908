import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { withApplication } from '../../../src/cli/with-application.ts';
import { asked, stay } from '../../../tests/support/stays.ts';
import { copyRoomType } from '../../bench/booking-copies.ts';
import { createBaseline } from '../../bench/booking-rows.ts';
import { openOwnHotel } from '../../bench/own-hotel.ts';

const ROOM_TYPES = 1_000;
const DAYS = 60;

export interface Statements {
  serverPid: number;
  databasePid: number;
  /** Opens so many connections; each call writes the rows of a booking of one of a thousand room types, by one statement. */
  open(connections: number): { write(): Promise<unknown>; close(): Promise<void> };
  /** As autovacuum would within a minute: plans for empty tables get slower with every row. */
  settle(): Promise<unknown>;
}

/** A database of its own to write bookings to; `opened` stops it. */
export const openStatements = async (opened: AsyncDisposableStack): Promise<Statements> => {
  const { dataDir, server, client, hotel, today, inDays } = await openOwnHotel(opened, 100_000, {
    JOBS_IN_SERVE: 'false',
    SEARCH_INDEX: 'false',
  });
  const { ownerUrl, databaseUrl } = await withApplication({ dataDir }, async (application) => ({
    ownerUrl: application.ownerUrl,
    databaseUrl: application.config.DATABASE_URL,
  }));
  const sample = await client.bookings.create.mutate(asked(stay(hotel, inDays(1), inDays(3))));
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  opened.defer(() => owner.end());
  const { rows } = await owner.query<{ id: string }>('select app.tenant_ids() as id');
  const tenant = rows[0]?.id ?? '';
  await owner.query("select set_config('app.tenant', $1, false)", [tenant]);
  await createBaseline(owner, sample.id);
  const roomTypes = await copyRoomType(owner, hotel.roomTypeId, ROOM_TYPES, [today, inDays(DAYS)]);
  const options = `-c role=innkeeper_app -c app.tenant=${tenant} -c jit=off`;
  let made = 0;
  const [pidFile = ''] = globSync('**/postmaster.pid', { cwd: dataDir });
  return {
    serverPid: server.pid ?? 0,
    databasePid: Number.parseInt(readFileSync(join(dataDir, pidFile), 'utf8'), 10),
    settle: () => owner.query('vacuum analyze'),
    open(connections) {
      const pool = new pg.Pool({ connectionString: databaseUrl, max: connections, options });
      return {
        write() {
          made += 1;
          const values = [roomTypes[(made * 7) % ROOM_TYPES], inDays(1 + (made % (DAYS - 2)))];
          return pool.query({ name: 'spread', text: 'select bench.spread($1, $2)', values });
        },
        close: () => pool.end(),
      };
    },
  };
};
