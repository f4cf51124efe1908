import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';

/** A property whose prices are being changed. */
export interface PricedProperty {
  id: string;
  currency: string;
}

/**
 * Locks a property against other changes of its prices, plans and currency until the transaction ends, so that what
 * is derived from all of them stays true; null when the tenant has none of this id.
 */
export const lockPricedProperty = async (db: Sql, propertyId: string): Promise<PricedProperty | null> => {
  const locked = await sql<PricedProperty>`
    select p.id, p.currency from property p
    where p.tenant_id = app.tenant() and p.id = ${propertyId}
    for no key update`.execute(db);
  return locked.rows[0] ?? null;
};
