import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, id, toPage } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { ListPlansInput, RatePlan } from './plan.schemas.ts';

const columns = sql`
  rp.id, rp.property_id as "propertyId", rp.code, rp.name, rp.active,
  jsonb_build_object('includedAdults', rp.included_adults, 'extraAdult', rp.extra_adult,
    'childPrices', rp.child_prices) as occupancy,
  rp.terms, rp.created_at as "createdAt"`;

/** Null when the tenant has no such plan. */
export const findPlan = async (db: Sql, ratePlanId: string): Promise<RatePlan | null> => {
  const found = await sql<RatePlan>`
    select ${columns} from rate_plan rp where rp.tenant_id = app.tenant() and rp.id = ${ratePlanId}`.execute(db);
  return found.rows[0] ?? null;
};

/** One page of a property's plans by id, oldest first. */
export const listPlans = async (db: Sql, input: ListPlansInput) => {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, z.tuple([id]))[0];
  const { rows } = await sql<RatePlan>`
    select ${columns} from rate_plan rp
    where rp.tenant_id = app.tenant() and rp.property_id = ${input.propertyId}
      ${input.active === undefined ? sql`` : sql`and rp.active = ${input.active}`}
      ${after === null ? sql`` : sql`and rp.id > ${after}`}
    order by rp.id limit ${input.limit + 1}`.execute(db);
  return toPage(rows, input.limit, (row) => [row.id]);
};
