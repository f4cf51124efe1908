import type { Check } from '../check.ts';
import { bookingChecks } from './bookings.ts';
import { eventChecks } from './events.ts';
import { nightChecks } from './nights.ts';
import { priceChecks } from './prices.ts';
import { recordChecks } from './records.ts';
import { roomChecks } from './rooms.ts';

/** All checks, in the order in which they are reported. */
export const checks: readonly Check[] = [
  ...nightChecks,
  ...roomChecks,
  ...bookingChecks,
  ...priceChecks,
  ...eventChecks,
  ...recordChecks,
];
