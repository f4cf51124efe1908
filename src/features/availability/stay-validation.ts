import type { FailingField } from '../../kernel/app-error.ts';
import { daysBetween, type LocalDate } from '../../kernel/dates.ts';
import type { Party } from '../rates/index.ts';

export const MAX_STAY_NIGHTS = 366;

export interface Capacity {
  maxAdults: number;
  maxChildren: number;
  maxOccupancy: number;
}

export interface StayFault extends FailingField {
  code: 'NO_NIGHTS' | 'PAST_ARRIVAL' | 'STAY_TOO_LONG' | 'NO_GUESTS' | 'OVER_CAPACITY';
}

export interface RequestedStay {
  arrival: LocalDate;
  departure: LocalDate;
  businessDate: LocalDate;
  party: Party;
  capacity: Capacity;
}

/** Everything that keeps one room's stay from being booked, with paths relative to the line; empty when nothing does. */
export const validateStay = ({ arrival, departure, businessDate, party, capacity }: RequestedStay): StayFault[] => {
  const faults: StayFault[] = [];
  const fault = (when: boolean, code: StayFault['code'], path: string, message: string) => {
    if (when) faults.push({ code, path, message });
  };
  const nights = daysBetween(arrival, departure);
  const children = party.childAges.length;
  const guests = party.adults + children;
  const { maxAdults, maxChildren, maxOccupancy } = capacity;

  fault(nights <= 0, 'NO_NIGHTS', 'departure', 'Departure must lie after arrival.');
  fault(nights > MAX_STAY_NIGHTS, 'STAY_TOO_LONG', 'departure', `A stay has at most ${MAX_STAY_NIGHTS} nights.`);
  fault(arrival < businessDate, 'PAST_ARRIVAL', 'arrival', `Arrival must be ${businessDate} or later.`);
  fault(guests === 0, 'NO_GUESTS', 'party', 'At least one guest must stay.');
  fault(party.adults > maxAdults, 'OVER_CAPACITY', 'party.adults', `Adults in this room: at most ${maxAdults}.`);
  fault(children > maxChildren, 'OVER_CAPACITY', 'party.childAges', `Children in this room: at most ${maxChildren}.`);
  fault(guests > maxOccupancy, 'OVER_CAPACITY', 'party', `Guests in this room: at most ${maxOccupancy}.`);
  return faults;
};
