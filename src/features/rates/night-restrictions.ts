import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import type { NightsSet, SetRestrictionsInput } from './night.schemas.ts';
import { announcedNights, askedNights } from './night-entries.ts';
import { lockForNights } from './plan-scope.ts';
import {
  restrictionAssignments,
  restrictionColumns,
  restrictionsAsJson,
  restrictionValues,
} from './restriction-columns.ts';
import type { NightRestrictions } from './terms.ts';

interface Written {
  nights: number;
  changed: number;
  /** Nights [from, until) in a row that had the same restrictions. */
  before: { roomTypeId: string; from: LocalDate; until: LocalDate; restrictions: NightRestrictions }[];
  /** Nights whose limits can't both be met now; some of them when there are many. */
  crossed: { roomTypeId: string; night: LocalDate }[];
}

/** Sets all restrictions in one statement, which sees what was there before it; prices are left alone. */
const writeRestrictions = async (db: Sql, { ratePlanId, entries }: SetRestrictionsInput): Promise<Written> => {
  const { rows } = await sql<Written>`
    with asked as (${askedNights(entries)}), wanted as (
      select a.room_type_id, a.night, jsonb_object_agg(f.key, f.value order by a.position) as given
      from asked a
      cross join lateral jsonb_each(a.entry - array['roomTypeIds', 'from', 'until', 'weekdays']) as f (key, value)
      group by a.room_type_id, a.night
    ), known as (
      select n.room_type_id, n.night, ${restrictionsAsJson} as restrictions
      from wanted w
      join rate_night n on n.tenant_id = app.tenant() and n.room_type_id = w.room_type_id
        and n.rate_plan_id = ${ratePlanId} and n.night = w.night
    ), runs as (
      select room_type_id, night, restrictions,
        night - row_number() over (partition by room_type_id, restrictions order by night)::integer as run
      from known
    ), before as (
      select room_type_id, min(night) as first_night, max(night) + 1 as until, restrictions
      from runs group by room_type_id, restrictions, run
    ), written as (
      insert into rate_night as n (room_type_id, rate_plan_id, night, ${restrictionColumns()})
      select w.room_type_id, ${ratePlanId}, w.night, ${restrictionValues}
      from wanted w
      left join rate_night n on n.tenant_id = app.tenant() and n.room_type_id = w.room_type_id
        and n.rate_plan_id = ${ratePlanId} and n.night = w.night
      order by w.room_type_id, w.night
      on conflict (tenant_id, room_type_id, rate_plan_id, night) do update set ${restrictionAssignments}
      where (${restrictionColumns('n')}) is distinct from (${restrictionColumns('excluded')})
      returning n.room_type_id, n.night, n.min_stay > n.max_stay or n.min_advance > n.max_advance as crossed
    )
    select (select count(*) from wanted) as nights, (select count(*) from written) as changed,
      (select coalesce(jsonb_agg(jsonb_build_object('roomTypeId', room_type_id, 'from', first_night, 'until', until,
        'restrictions', restrictions) order by room_type_id, first_night), '[]') from before) as before,
      (select coalesce(jsonb_agg(jsonb_build_object('roomTypeId', room_type_id, 'night', night)), '[]') from (
        select room_type_id, night from written where crossed order by room_type_id, night limit 50
      ) c) as crossed`.execute(db);
  return rows[0] ?? { nights: 0, changed: 0, before: [], crossed: [] };
};

/** Sets restrictions of many nights at once; fields that no entry names stay as they are. */
export const createSetRestrictions =
  (commands: Commands) =>
  (caller: Caller, input: SetRestrictionsInput): Promise<NightsSet> =>
    commands.run(caller, 'rates.setRestrictions', input, async (command) => {
      const { ratePlanId, entries } = input;
      const property = await lockForNights(command.sql, ratePlanId, entries);
      const { nights, changed, before, crossed } = await writeRestrictions(command.sql, input);
      if (crossed.length > 0) {
        throw new AppError(
          'unprocessable',
          'CROSSED_LIMITS',
          'On some nights a minimum would lie above its maximum. Set or clear both limits.',
          { details: { nights: crossed } },
        );
      }
      command.announce('rates.changed', { propertyId: property.id, ratePlanId, nights: announcedNights(entries) });
      command.audit({
        entity: 'rate_plan',
        entityId: ratePlanId,
        before: { restrictions: before },
        after: { restrictions: entries },
      });
      return { ratePlanId, nights, changed };
    });
