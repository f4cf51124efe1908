import type { TestDatabase } from './postgres.ts';
import { tenantRows } from './tenant-rows.ts';

export interface CountedNight {
  night: string;
  physical: number;
  overbooking: number;
  blocked: number;
  held: number;
  sold: number;
}

/** A room type's open nights in [from, until) as they are stored. */
export const storedNights = (
  database: TestDatabase,
  tenantId: string,
  roomTypeId: string,
  from: string,
  until: string,
): Promise<CountedNight[]> =>
  tenantRows<CountedNight>(
    database,
    tenantId,
    `select night::text, physical, overbooking, blocked, held, sold from inventory_night
     where room_type_id = $1 and night >= $2 and night < $3 order by night`,
    [roomTypeId, from, until],
  );

/** Nights whose `blocked` is not the number of rooms blocked that night; empty while ledger and blocks are in step. */
export const nightsOutOfStep = (database: TestDatabase, tenantId: string) =>
  tenantRows(
    database,
    tenantId,
    `select n.room_type_id, n.night::text, n.blocked, count(s.id)::integer as blocks
     from inventory_night n
     left join room_stay s on s.room_type_id = n.room_type_id and s.kind <> 'stay' and s.during @> n.night
     group by n.tenant_id, n.room_type_id, n.night
     having n.blocked <> count(s.id)`,
  );
