import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_STAY_NIGHTS, validateStay } from '../../../src/features/availability/stay-validation.ts';
import { addDays, nightsOf } from '../../../src/kernel/dates.ts';
import { localDates } from '../arbitrary-dates.ts';

/** An arrival and a business date from five days before it to fifteen after. */
const stays = fc
  .record({ arrival: localDates, day: fc.integer({ min: -5, max: 15 }) })
  .map(({ arrival, day }) => ({ arrival, businessDate: addDays(arrival, day) }));

describe('a requested stay', () => {
  const good = {
    arrival: '2028-02-28',
    departure: '2028-03-01',
    businessDate: '2028-02-28',
    party: { adults: 2, childAges: [4] },
    capacity: { maxAdults: 2, maxChildren: 2, maxOccupancy: 3 },
  };
  const faults = (change: Partial<typeof good>) =>
    validateStay({ ...good, ...change }).map(({ code, path }) => `${code} ${path}`);

  it('has no faults when it begins today, ends later and fits the room exactly', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ departure: addDays(good.arrival, MAX_STAY_NIGHTS) })).toEqual([]);
    expect(faults({ party: { adults: 0, childAges: [9] } })).toEqual([]);
  });

  it('names each fault by its code and field', () => {
    expect(faults({ departure: good.arrival })).toEqual(['NO_NIGHTS departure']);
    expect(faults({ departure: '2028-02-27' })).toEqual(['NO_NIGHTS departure']);
    expect(faults({ businessDate: '2028-02-29' })).toEqual(['PAST_ARRIVAL arrival']);
    expect(faults({ departure: addDays(good.arrival, 367) })).toEqual(['STAY_TOO_LONG departure']);
    expect(faults({ party: { adults: 0, childAges: [] } })).toEqual(['NO_GUESTS party']);
    expect(faults({ party: { adults: 3, childAges: [] } })).toEqual(['OVER_CAPACITY party.adults']);
    expect(faults({ party: { adults: 0, childAges: [1, 2, 3] } })).toEqual(['OVER_CAPACITY party.childAges']);
    expect(faults({ party: { adults: 2, childAges: [1, 2] } })).toEqual(['OVER_CAPACITY party']);
    expect(
      faults({ departure: '2028-02-01', businessDate: '2028-03-01', party: { adults: 0, childAges: [] } }),
    ).toEqual(['NO_NIGHTS departure', 'PAST_ARRIVAL arrival', 'NO_GUESTS party']);
  });

  it('has a fault exactly when a count or a date is out of bounds, and every fault says what to do', () => {
    const counts = fc.record({ maxAdults: fc.nat(4), maxChildren: fc.nat(3), maxOccupancy: fc.nat(5) });
    const parties = fc.record({ adults: fc.nat(5), childAges: fc.array(fc.nat(17), { maxLength: 4 }) });
    fc.assert(
      fc.property(stays, fc.integer({ min: -2, max: 3 }), parties, counts, (stay, length, party, capacity) => {
        const departure = addDays(stay.arrival, length);
        const found = validateStay({ ...stay, departure, party, capacity });
        const children = party.childAges.length;
        const codes = new Set<string>();
        if (nightsOf(stay.arrival, departure).length === 0) codes.add('NO_NIGHTS');
        if (stay.businessDate > stay.arrival) codes.add('PAST_ARRIVAL');
        if (party.adults + children < 1) codes.add('NO_GUESTS');
        const fits = party.adults <= capacity.maxAdults && children <= capacity.maxChildren;
        if (!fits || party.adults + children > capacity.maxOccupancy) codes.add('OVER_CAPACITY');
        expect(new Set(found.map(({ code }) => code))).toEqual(codes);
        expect(found.filter(({ message }) => !message.endsWith('.'))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
