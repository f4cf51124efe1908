import type { LocalDate } from '../../kernel/dates.ts';
import { divideHalfUp, sum } from '../../kernel/money.ts';
import type { OccupancyPricing, Party, TaxRule } from './terms.ts';

export interface NightPrice {
  night: LocalDate;
  /** Minor units for the room with its included adults. */
  price: number;
}

export interface PricedNight extends NightPrice {
  /** Minor units for extra adults and children that night. */
  extras: number;
}

export interface PricedTax extends Pick<TaxRule, 'code' | 'name' | 'kind' | 'included'> {
  /** Minor units for the whole stay, rounded half up once. */
  amount: number;
}

export interface PricedLine {
  nights: PricedNight[];
  /** Prices and extras of all nights. */
  roomCharge: number;
  taxes: PricedTax[];
  /** What the guest pays: room charge and added taxes. */
  total: number;
}

export interface PricingInput {
  nights: NightPrice[];
  party: Party;
  occupancy: OccupancyPricing;
  taxes: TaxRule[];
}

const PERCENT = 10_000;

/** Minor units a night for adults beyond the included ones and for children. */
export const extrasPerNight = (party: Party, occupancy: OccupancyPricing): number => {
  let adults = party.adults;
  let extras = 0;
  for (const age of party.childAges) {
    const band = occupancy.childPrices.find(({ maxAge }) => age <= maxAge);
    if (band) extras += band.amount;
    else adults += 1;
  }
  return extras + occupancy.extraAdult * Math.max(0, adults - occupancy.includedAdults);
};

/** How many of the party a tax counts. */
export const taxablePersons = (party: Party, tax: TaxRule): number =>
  party.adults + party.childAges.filter((age) => tax.exemptUpToAge === undefined || age > tax.exemptUpToAge).length;

/**
 * Prices one room's stay; all amounts in minor units. Included percent taxes share the room charge with one
 * another: each is its basis points over 10 000 plus the sum of theirs. Added percent taxes are on the room charge.
 */
export const priceLine = ({ nights, party, occupancy, taxes }: PricingInput): PricedLine => {
  const extras = extrasPerNight(party, occupancy);
  const pricedNights = nights.map(({ night, price }) => ({ night, price, extras }));
  const roomCharge = sum(pricedNights.map(({ price }) => price + extras));
  const includedPercent = sum(taxes.filter((tax) => tax.kind === 'percent' && tax.included).map(({ value }) => value));

  const amountOf = (tax: TaxRule): number => {
    switch (tax.kind) {
      case 'percent': {
        const whole = PERCENT + (tax.included ? includedPercent : 0);
        return divideHalfUp(BigInt(roomCharge) * BigInt(tax.value), BigInt(whole));
      }
      case 'per_person_per_night':
        return tax.value * taxablePersons(party, tax) * nights.length;
      case 'per_person':
        return tax.value * taxablePersons(party, tax);
      case 'per_night':
        return tax.value * nights.length;
      case 'per_stay':
        return tax.value;
    }
  };

  const pricedTaxes = taxes.map((tax) => {
    const { code, name, kind, included } = tax;
    return { code, name, kind, included, amount: amountOf(tax) };
  });
  const added = sum(pricedTaxes.filter(({ included }) => !included).map(({ amount }) => amount));
  return { nights: pricedNights, roomCharge, taxes: pricedTaxes, total: roomCharge + added };
};
