import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import { businessDateAt, type LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';

/** Property-local facts about a room type. */
export interface SellingRoomType {
  id: string;
  propertyId: string;
  businessDate: LocalDate;
}

/** The room type and its property's business date; null when the tenant has none of this id. */
export const findSellingRoomType = async (
  db: Sql,
  roomTypeId: string,
  nowMs: number,
): Promise<SellingRoomType | null> => {
  const { rows } = await sql<{ id: string; propertyId: string; timeZone: string; dayStartsAt: string }>`
    select t.id, p.id as "propertyId", p.time_zone as "timeZone", p.day_starts_at as "dayStartsAt"
    from room_type t
    join property p on p.tenant_id = app.tenant() and p.id = t.property_id
    where t.tenant_id = app.tenant() and t.id = ${roomTypeId}`.execute(db);
  const [found] = rows;
  if (!found) return null;
  const { id, propertyId, timeZone, dayStartsAt } = found;
  return { id, propertyId, businessDate: businessDateAt(nowMs, timeZone, dayStartsAt) };
};

/** Throws PAST_NIGHTS when a range begins before the business date: what was counted then is history. */
export const refusePast = (from: LocalDate, businessDate: LocalDate): void => {
  if (from >= businessDate) return;
  throw new AppError('unprocessable', 'PAST_NIGHTS', `Nights before ${businessDate} are over and stay as they are.`, {
    fields: [{ path: 'from', message: `Must not lie before ${businessDate}.` }],
    details: { businessDate },
  });
};
