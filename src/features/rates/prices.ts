import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import type { NightsSet, SetPricesInput } from './night.schemas.ts';
import { announcedNights, askedNights } from './night-entries.ts';
import { lockForNights } from './plan-scope.ts';
import { refreshPriceFrom } from './price-from.ts';

/** Nights [from, until) in a row that had one price. */
interface PriceRun {
  roomTypeId: string;
  from: LocalDate;
  until: LocalDate;
  price: number | null;
}

interface Written {
  nights: number;
  changed: number;
  before: PriceRun[];
}

/** Sets all prices in one statement, which sees what was there before it. */
const writePrices = async (db: Sql, { ratePlanId, entries }: SetPricesInput): Promise<Written> => {
  const { rows } = await sql<Written>`
    with asked as (${askedNights(entries)}), wanted as (
      select distinct on (room_type_id, night) room_type_id, night, (entry ->> 'price')::bigint as price
      from asked order by room_type_id, night, position desc
    ), known as (
      select n.room_type_id, n.night, n.price,
        n.night - row_number() over (partition by n.room_type_id, n.price order by n.night)::integer as run
      from wanted w
      join rate_night n on n.tenant_id = app.tenant() and n.room_type_id = w.room_type_id
        and n.rate_plan_id = ${ratePlanId} and n.night = w.night
      where n.price is distinct from w.price
    ), before as (
      select room_type_id, min(night) as first_night, max(night) + 1 as until, price
      from known group by room_type_id, price, run
    ), written as (
      insert into rate_night as n (room_type_id, rate_plan_id, night, price)
      select room_type_id, ${ratePlanId}, night, price from wanted order by room_type_id, night
      on conflict (tenant_id, room_type_id, rate_plan_id, night) do update set price = excluded.price
      where n.price is distinct from excluded.price
      returning 1
    )
    select (select count(*) from wanted) as nights, (select count(*) from written) as changed,
      (select coalesce(jsonb_agg(jsonb_build_object('roomTypeId', room_type_id, 'from', first_night, 'until', until,
        'price', price) order by room_type_id, first_night), '[]') from before) as before`.execute(db);
  return rows[0] ?? { nights: 0, changed: 0, before: [] };
};

/** Sets prices of many nights at once and keeps the property's lowest price. */
export const createSetPrices =
  (commands: Commands) =>
  (caller: Caller, input: SetPricesInput): Promise<NightsSet> =>
    commands.run(caller, 'rates.setPrices', input, async (command) => {
      const { ratePlanId, entries } = input;
      const property = await lockForNights(command.sql, ratePlanId, entries);
      if (input.currency !== undefined && input.currency !== property.currency) {
        throw new AppError(
          'unprocessable',
          'OTHER_CURRENCY',
          `The property sells in ${property.currency}. Send its prices in ${property.currency}.`,
          { fields: [{ path: 'currency', message: `Must be ${property.currency}.` }] },
        );
      }
      const { nights, changed, before } = await writePrices(command.sql, input);
      await refreshPriceFrom(command.sql, property.id, command.nowIso);
      command.announce('rates.changed', { propertyId: property.id, ratePlanId, nights: announcedNights(entries) });
      command.audit({
        entity: 'rate_plan',
        entityId: ratePlanId,
        before: { prices: before },
        after: { prices: entries },
      });
      return { ratePlanId, nights, changed };
    });
