import type { Check } from '../check.ts';

/** Lines as the rows (room_type_id, night), one for each night that they count. */
const countedNights = (states: string): string => `
  select room_type_id, arrival + generate_series(0, counted_until - arrival - 1) as night
  from booking_line where tenant_id = app.tenant() and state in (${states})`;

const HELD = countedNights(`'held'`);
const SOLD = countedNights(`'confirmed', 'checked_in', 'checked_out', 'no_show'`);
const BLOCKED = `
  select room_type_id, lower(during) + generate_series(0, upper(during) - lower(during) - 1) as night
  from room_stay where tenant_id = app.tenant() and kind <> 'stay'`;

/** Nights on which the ledger's counter is not the number of rooms counted anew, in either direction. */
const outOfStep = (counter: string, counted: string): string => `
  select room_type_id, night, coalesce(n.${counter}, 0) as stored, coalesce(c.rooms, 0) as counted
  from (
    select room_type_id, night, ${counter} from inventory_night where tenant_id = app.tenant() and ${counter} <> 0
  ) n
  full join (
    select room_type_id, night, count(*)::integer as rooms from (${counted}) k group by room_type_id, night
  ) c using (room_type_id, night)
  where coalesce(n.${counter}, 0) <> coalesce(c.rooms, 0)`;

/** Promise 1: the ledger counts exactly what lines and blocks take, and never more than there is. */
export const nightChecks: Check[] = [
  {
    name: 'nights held',
    promise: 'held is the number of held lines that count the night',
    offenders: outOfStep('held', HELD),
  },
  {
    name: 'nights sold',
    promise: 'sold is the number of confirmed, used and kept lines that count the night',
    offenders: outOfStep('sold', SOLD),
  },
  {
    name: 'nights blocked',
    promise: 'blocked is the number of blocks on rooms of the type that night',
    offenders: outOfStep('blocked', BLOCKED),
  },
  {
    name: 'nights open',
    promise: 'every night that is counted or blocked has an inventory row',
    offenders: `
      select room_type_id, night, count(*)::integer as rooms
      from (${HELD} union all ${SOLD} union all ${BLOCKED}) k
      where not exists (
        select from inventory_night n
        where n.tenant_id = app.tenant() and n.room_type_id = k.room_type_id and n.night = k.night)
      group by room_type_id, night`,
  },
  {
    name: 'capacity',
    promise: 'no night counts more rooms than physical and overbooking allow',
    offenders: `
      select room_type_id, night, held, sold, blocked, physical, overbooking
      from inventory_night
      where tenant_id = app.tenant() and (held + sold + blocked > physical + overbooking
        or least(held, sold, blocked, physical, overbooking) < 0)`,
  },
];
