import type { Section } from '../build/layout.ts';
import { counted, orZero, rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const EVENTS = 'innkeeper_events_total';

/** What is sold, refused and held. */
export const bookings: Section = {
  title: 'Bookings',
  lines: [
    [
      series({
        title: 'Events of bookings',
        description:
          'Events a second by type, such as bookings held, confirmed, cancelled; counted where workers hand them on.',
        unit: 'cps',
        queries: [[sum(rate(EVENTS), 'type'), '{{type}}']],
      }),
      series({
        title: 'Refusals and replays',
        description:
          'Bookings refused because a night was sold out or closed; commands answered from their idempotency key.',
        unit: 'cps',
        queries: [
          [orZero(sum(rate('innkeeper_sold_out_refusals_total'))), 'sold out'],
          [orZero(sum(rate('innkeeper_key_replays_total'))), 'replayed'],
        ],
      }),
    ],
    [
      series({
        title: 'Holds',
        description:
          'Bookings on hold: those whose time runs, and those whose time is over and that were not released yet.',
        unit: 'short',
        queries: [
          [counted('innkeeper_holds_live'), 'live'],
          [counted('innkeeper_holds_expired'), 'over'],
        ],
      }),
      series({
        title: 'Oldest hold not released',
        description: 'For how long the oldest hold is over that still stands.',
        unit: 's',
        alerts: ['holdsLeaking'],
        queries: [[counted('innkeeper_holds_expired_oldest_seconds'), 'over for']],
      }),
    ],
  ],
};
