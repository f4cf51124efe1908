import { sql } from 'kysely';
import { notFound } from '../../kernel/app-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller } from '../commands/index.ts';
import type { InventoryCalendar, InventoryInput } from './night.schemas.ts';

/** The counters of every night of the range; holds that have expired by the clock are not counted, released or not. */
export const createReadInventory =
  (deps: { database: Database; clock: Clock }) =>
  async (caller: Caller, { roomTypeId, from, until }: InventoryInput): Promise<InventoryCalendar> => {
    const { rows } = await deps.database.read(caller.scope, 'replica', (db) =>
      sql<InventoryCalendar['nights'][number]>`
        select d.night, i.night is not null as open, coalesce(i.physical, 0) as physical,
          coalesce(i.overbooking, 0) as overbooking, coalesce(i.blocked, 0) as blocked, coalesce(i.sold, 0) as sold,
          coalesce(i.held - e.expired, 0) as held,
          coalesce(i.physical + i.overbooking - i.blocked - i.sold - (i.held - e.expired), 0) as available
        from room_type t
        cross join lateral (
          select ${from}::date + k as night from generate_series(0, ${until}::date - ${from}::date - 1) as k
        ) d
        left join inventory_night i
          on i.tenant_id = app.tenant() and i.room_type_id = t.id and i.night = d.night
        cross join lateral (
          select count(*)::integer as expired from booking_line l
          where l.tenant_id = app.tenant() and l.room_type_id = t.id and l.state = 'held'
            and l.hold_expires_at <= ${deps.clock.nowIso()}::timestamptz
            and l.arrival <= d.night and l.counted_until > d.night
        ) e
        where t.tenant_id = app.tenant() and t.id = ${roomTypeId}
        order by d.night`.execute(db),
    );
    if (rows.length === 0) throw notFound('room type', 'roomTypeId');
    return { roomTypeId, nights: rows };
  };
