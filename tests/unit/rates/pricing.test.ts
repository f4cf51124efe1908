import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PricedLine, priceLine } from '../../../src/features/rates/pricing.ts';
import type { OccupancyPricing, Party } from '../../../src/features/rates/terms.ts';
import { occupancies, parties, pricingInputs, taxRules } from './arbitrary-pricing.ts';

const added = (line: PricedLine) => line.taxes.filter((tax) => !tax.included).reduce((all, tax) => all + tax.amount, 0);
const amountsByCode = (line: PricedLine) => Object.fromEntries(line.taxes.map(({ code, amount }) => [code, amount]));

const NO_EXTRAS: OccupancyPricing = { includedAdults: 2, extraAdult: 0, childPrices: [] };
const COUPLE: Party = { adults: 2, childAges: [] };
const nights = (...prices: number[]) => prices.map((price, i) => ({ night: `2026-05-0${i + 1}`, price }));

describe('the price of a line', () => {
  it('is the room charge and its added taxes, and the room charge is the sum of its nights', () => {
    fc.assert(
      fc.property(pricingInputs, (input) => {
        const line = priceLine(input);
        expect(line.nights.map(({ night, price }) => ({ night, price }))).toEqual(input.nights);
        expect(line.roomCharge).toBe(line.nights.reduce((all, { price, extras }) => all + price + extras, 0));
        expect(line.total).toBe(line.roomCharge + added(line));
        expect(line.taxes.map(({ code, name, kind, included }) => ({ code, name, kind, included }))).toEqual(
          input.taxes.map(({ code, name, kind, included }) => ({ code, name, kind, included })),
        );
      }),
    );
  });

  it('is made of non-negative safe integers', () => {
    fc.assert(
      fc.property(pricingInputs, (input) => {
        const { nights: priced, roomCharge, taxes, total } = priceLine(input);
        const amounts = [roomCharge, total, ...taxes.map((t) => t.amount), ...priced.map((n) => n.extras)];
        expect(amounts.filter((amount) => !Number.isSafeInteger(amount) || amount < 0)).toEqual([]);
      }),
    );
  });

  it('never falls when a night becomes dearer', () => {
    fc.assert(
      fc.property(pricingInputs, fc.nat(9), fc.integer({ min: 1, max: 5000 }), (input, at, more) => {
        const raised = input.nights.map((n, i) =>
          i === at % input.nights.length ? { ...n, price: n.price + more } : n,
        );
        const [before, after] = [priceLine(input), priceLine({ ...input, nights: raised })];
        expect(after.roomCharge).toBe(before.roomCharge + more);
        expect(after.total).toBeGreaterThanOrEqual(before.total + more);
        after.taxes.forEach((tax, i) => {
          expect(tax.amount).toBeGreaterThanOrEqual(before.taxes[i]?.amount ?? Number.NaN);
        });
      }),
    );
  });

  it('does not depend on the order of taxes', () => {
    const shuffled = pricingInputs.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray(input.taxes, { minLength: input.taxes.length, maxLength: input.taxes.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([input, taxes]) => {
        const [one, other] = [priceLine(input), priceLine({ ...input, taxes })];
        expect(other.total).toBe(one.total);
        expect(amountsByCode(other)).toEqual(amountsByCode(one));
      }),
    );
  });

  it('is not changed by an included tax, which only shows a part of it', () => {
    const withIncluded = fc.tuple(
      pricingInputs,
      taxRules.map((tax) => ({ ...tax, included: true, code: 'an-included-tax' })),
    );
    fc.assert(
      fc.property(withIncluded, ([input, tax]) => {
        const [without, line] = [priceLine(input), priceLine({ ...input, taxes: [...input.taxes, tax] })];
        expect([line.total, line.roomCharge]).toEqual([without.total, without.roomCharge]);
        expect(line.taxes).toHaveLength(input.taxes.length + 1);
      }),
    );
  });

  it('contains its included percent taxes on one net price, and carries added ones on the room charge', () => {
    fc.assert(
      fc.property(pricingInputs, (input) => {
        const rules = input.taxes.map((tax) => ({ ...tax, kind: 'percent' as const }));
        const { roomCharge, taxes } = priceLine({ ...input, taxes: rules });
        const included = rules.filter((rule) => rule.included).reduce((all, { value }) => all + value / 10_000, 0);
        const net = roomCharge / (1 + included);
        taxes.forEach(({ amount }, i) => {
          const rule = rules[i];
          const exact = ((rule?.included ? net : roomCharge) * (rule?.value ?? Number.NaN)) / 10_000;
          expect(Math.abs(amount - exact)).toBeLessThanOrEqual(0.5 + 1e-3);
        });
      }),
    );
  });

  it('adds per night each adult above the included ones and each child by its band, too old a child as an adult', () => {
    fc.assert(
      fc.property(parties, occupancies, (party, occupancy) => {
        let payingAdults = party.adults;
        let expected = 0;
        for (const age of party.childAges) {
          const bands = occupancy.childPrices.filter(({ maxAge }) => maxAge >= age).map(({ maxAge }) => maxAge);
          const youngest = Math.min(...bands);
          if (bands.length === 0) payingAdults++;
          else expected += occupancy.childPrices.filter(({ maxAge }) => maxAge === youngest)[0]?.amount ?? Number.NaN;
        }
        for (let adult = occupancy.includedAdults; adult < payingAdults; adult++) expected += occupancy.extraAdult;
        const line = priceLine({ nights: nights(10_000, 12_000), party, occupancy, taxes: [] });
        expect(line.nights.map(({ extras }) => extras)).toEqual([expected, expected]);
        expect(line.total).toBe(22_000 + 2 * expected);
      }),
    );
  });
});

describe('a tax line', () => {
  const taxed = (
    tax: Partial<Parameters<typeof priceLine>[0]['taxes'][number]>,
    party = COUPLE,
    prices = [1005, 1005],
  ) => {
    const rule = { code: 'x', name: 'X', kind: 'percent' as const, value: 700, included: false, ...tax };
    return priceLine({ nights: nights(...prices), party, occupancy: NO_EXTRAS, taxes: [rule] }).taxes[0]?.amount;
  };

  it('is rounded half up once for the stay, not once a night', () => {
    expect(taxed({})).toBe(141);
    expect(taxed({ value: 500 }, COUPLE, [10])).toBe(1);
    expect(taxed({ value: 499 }, COUPLE, [10])).toBe(0);
  });

  it('of an included percentage is taken out of the price rather than added to it', () => {
    expect(taxed({ value: 1900, included: true }, COUPLE, [11_900])).toBe(1900);
    expect(taxed({ value: 1900, included: false }, COUPLE, [11_900])).toBe(2261);
  });

  it('multiplies its value by what its kind names', () => {
    const family: Party = { adults: 2, childAges: [3, 12] };
    const amounts = (['per_person_per_night', 'per_person', 'per_night', 'per_stay'] as const).map((kind) =>
      taxed({ kind, value: 250 }, family, [1000, 1000, 1000]),
    );
    expect(amounts).toEqual([3000, 1000, 750, 250]);
  });

  it('leaves out children up to and including the exempt age', () => {
    const family: Party = { adults: 2, childAges: [0, 11, 12, 13] };
    const tax = { kind: 'per_person' as const, value: 100 };
    expect(taxed({ ...tax, exemptUpToAge: 12 }, family)).toBe(300);
    expect(taxed({ ...tax, exemptUpToAge: 0 }, family)).toBe(500);
    expect(taxed(tax, family)).toBe(600);
  });
});
