import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../../src/features/availability/search-index/id-table.ts';
import { NIGHTS } from '../../../../src/features/availability/search-index/night-window.ts';
import { addDays } from '../../../../src/kernel/dates.ts';
import { FIRST_NIGHT, fillColumns, NOW_MS, properties, spans, wishes } from './arbitrary-columns.ts';
import { plainSearch } from './plain-search.ts';

const markets = fc.uniqueArray(properties, { minLength: 1, maxLength: 12, selector: ({ propertyId }) => propertyId });

describe('the columns of the search index', () => {
  it('hold what a look at each offer and night finds, also after nights were written anew, page after page', () => {
    let hits = 0;
    fc.assert(
      fc.property(
        markets,
        fc.array(wishes, { minLength: 8, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), spans), { maxLength: 6 }),
        (market, wanted, changes) => {
          const known = new Set<string>();
          const distinct = market.map((property) => ({
            ...property,
            // A room type is of one property.
            offers: property.offers.filter(({ roomTypeId }) => {
              const isNew = !known.has(`${roomTypeId}`);
              known.add(roomTypeId);
              return isNew;
            }),
          }));
          const { columns, model, write } = fillColumns(distinct);
          const all = distinct.flatMap(({ offers }) => offers);
          const compare = () => {
            for (const input of wanted) {
              const expected = plainSearch(distinct, model, input);
              hits += expected.length;
              const found = columns.search(input, NOW_MS, null, 100);
              expect(found).toEqual({ candidates: expected, hasMore: false, found: expected.length });
              const paged: typeof expected = [];
              for (let more = expected.length > 0; more; ) {
                const last = paged.at(-1);
                const place = last ? { key: last.sortKey, id: wordsOf(last.propertyId) } : null;
                const page = columns.search(input, NOW_MS, place, 2);
                paged.push(...(page?.candidates ?? []));
                more = page?.hasMore ?? false;
              }
              expect(paged).toEqual(expected);
            }
          };
          compare();
          for (const [n, span] of changes) {
            const offer = all[n % Math.max(1, all.length)];
            if (offer) write(offer.roomTypeId, offer.ratePlanId, span);
          }
          compare();
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
    expect(hits).toBeGreaterThan(500);
  });

  it('answer nothing for nights that are not all in the window', () => {
    const { columns } = fillColumns([]);
    const search = (arrival: number, departure: number) =>
      columns.search(
        {
          ...{ arrival: addDays(FIRST_NIGHT, arrival), departure: addDays(FIRST_NIGHT, departure) },
          ...{ rooms: [{ adults: 1, childAges: [] }], sort: 'price', limit: 20, withTotal: false },
        },
        NOW_MS,
        null,
        20,
      );
    expect(search(-1, 2)).toBeNull();
    expect(search(0, 2)).not.toBeNull();
    expect(search(NIGHTS - 3, NIGHTS - 1)).not.toBeNull();
    expect(search(NIGHTS - 3, NIGHTS)).toBeNull();
  });

  it('no longer offer what was taken off sale, until it is written again', () => {
    fc.assert(
      fc.property(markets, wishes, (market, input) => {
        const [gone] = market;
        if (!gone) return;
        const { columns } = fillColumns(market.slice(0, 1));
        columns.deactivate(gone.propertyId);
        expect(columns.search(input, NOW_MS, null, 20)?.candidates).toEqual([]);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});
