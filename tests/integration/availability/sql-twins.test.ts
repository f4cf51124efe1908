import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PricingInput, priceLine } from '../../../src/features/rates/pricing.ts';
import { businessDateAt, type LocalDate } from '../../../src/kernel/dates.ts';
import { sum } from '../../../src/kernel/money.ts';
import { testMigrate } from '../../support/app.ts';
import { createDatabase, type TestDatabase } from '../../support/postgres.ts';
import { instantsNearClockChanges, timesOfDay, timeZones } from '../../unit/arbitrary-dates.ts';
import { pricingInputs } from '../../unit/rates/arbitrary-pricing.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
  client = new pg.Client({ connectionString: database.ownerUrl, options: '-c timezone=UTC' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Until then PostgreSQL and Node know the same clock changes, though their time zone data differ in age. */
const SETTLED_UNTIL = Date.UTC(2025, 0, 1);

const moments = timeZones.chain((timeZone) =>
  fc.record({
    timeZone: fc.constant(timeZone),
    ms: instantsNearClockChanges(timeZone).filter((ms) => ms < SETTLED_UNTIL),
    dayStartsAt: timesOfDay,
  }),
);

const batchesOf = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 400, size: 'max' });

describe('what SQL computes by itself', () => {
  it('app.stay_total is the total of priceLine for every party, occupancy and set of taxes', async () => {
    const totals = async (inputs: PricingInput[]): Promise<number[]> => {
      const { rows } = await client.query<{ total: string }>(
        `select app.stay_total((i.v ->> 'price')::bigint, (i.v ->> 'nights')::integer, (i.v ->> 'adults')::integer,
           array(select jsonb_array_elements_text(i.v -> 'childAges')::integer),
           (i.v ->> 'includedAdults')::integer, (i.v ->> 'extraAdult')::bigint, i.v -> 'childPrices', i.v -> 'taxes'
         ) as total
         from jsonb_array_elements($1::jsonb) with ordinality i (v, n) order by i.n`,
        [
          JSON.stringify(
            inputs.map(({ nights, party, occupancy, taxes }) => ({
              ...party,
              ...occupancy,
              taxes,
              price: sum(nights.map(({ price }) => price)),
              nights: nights.length,
            })),
          ),
        ],
      );
      return rows.map(({ total }) => Number(total));
    };
    await fc.assert(
      fc.asyncProperty(batchesOf(pricingInputs), async (inputs) => {
        expect(await totals(inputs)).toEqual(inputs.map((input) => priceLine(input).total));
      }),
      { numRuns: 20 },
    );
  });

  it('app.business_date is businessDateAt at every instant, also while the clocks change', async () => {
    await fc.assert(
      fc.asyncProperty(batchesOf(moments), async (given) => {
        const { rows } = await client.query<{ date: LocalDate }>(
          `select app.business_date(to_timestamp(ms / 1000.0), zone, starts)::text as date
           from unnest($1::bigint[], $2::text[], $3::text[]) with ordinality m (ms, zone, starts, n) order by n`,
          [given.map(({ ms }) => ms), given.map((m) => m.timeZone), given.map((m) => m.dayStartsAt)],
        );
        expect(rows.map(({ date }) => date)).toEqual(
          given.map(({ ms, timeZone, dayStartsAt }) => businessDateAt(ms, timeZone, dayStartsAt)),
        );
      }),
      { numRuns: 20 },
    );
  });
});
