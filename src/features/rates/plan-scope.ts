import { sql } from 'kysely';
import { AppError, type FailingField, notFound } from '../../kernel/app-error.ts';
import type { Sql } from '../../platform/db/database.ts';
import { findPlan } from './plan.queries.ts';
import { lockPricedProperty, type PricedProperty } from './priced-property.ts';

interface Entry {
  roomTypeIds: string[];
}

/** Paths of the room types that `fails`. */
const pathsOf = (entries: readonly Entry[], message: string, fails: (roomTypeId: string) => boolean): FailingField[] =>
  entries
    .flatMap(({ roomTypeIds }, entry) =>
      roomTypeIds.flatMap((roomTypeId, index) =>
        fails(roomTypeId) ? [{ path: `entries.${entry}.roomTypeIds.${index}`, message }] : [],
      ),
    )
    .slice(0, 50);

/**
 * Locks the plan's property for a change of its nights and answers it. Throws NOT_FOUND for an unknown plan or room
 * types, and OTHER_PROPERTY where a room type is of another property than the plan.
 */
export const lockForNights = async (
  db: Sql,
  ratePlanId: string,
  entries: readonly Entry[],
): Promise<PricedProperty> => {
  const plan = await findPlan(db, ratePlanId);
  const property = plan && (await lockPricedProperty(db, plan.propertyId));
  if (!property) throw notFound('rate plan', 'ratePlanId');

  const wanted = [...new Set(entries.flatMap(({ roomTypeIds }) => roomTypeIds))];
  const { rows } = await sql<{ id: string; propertyId: string }>`
    select id, property_id as "propertyId" from room_type
    where tenant_id = app.tenant() and id = any (${wanted}::uuid[])`.execute(db);
  const propertyOf = new Map(rows.map((row) => [row.id, row.propertyId]));

  const unknown = pathsOf(entries, 'No room type with this id.', (roomTypeId) => !propertyOf.has(roomTypeId));
  if (unknown.length > 0) throw new AppError('not_found', 'NOT_FOUND', 'No such room type.', { fields: unknown });
  const elsewhere = pathsOf(
    entries,
    'Of another property than the rate plan.',
    (roomTypeId) => propertyOf.get(roomTypeId) !== property.id,
  );
  if (elsewhere.length === 0) return property;
  throw new AppError('unprocessable', 'OTHER_PROPERTY', 'A rate plan prices the room types of its own property only.', {
    fields: elsewhere,
  });
};
