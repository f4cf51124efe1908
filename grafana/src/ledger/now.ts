import type { Section } from '../build/layout.ts';
import { counted, grown, orZero } from '../build/queries.ts';
import { stat } from '../build/stat.ts';

/** The figures that one looks at first. */
export const now: Section = {
  title: 'Now',
  lines: [
    [
      stat({
        title: 'Holds live',
        description: 'Bookings on hold whose time is not over.',
        unit: 'short',
        expr: counted('innkeeper_holds_live'),
      }),
      stat({
        title: 'Oldest hold not released',
        description:
          'For how long the oldest hold is over that still stands. It blocks nobody, but the sweep should come.',
        unit: 's',
        alerts: ['holdsLeaking'],
        expr: counted('innkeeper_holds_expired_oldest_seconds'),
      }),
      stat({
        title: 'Faults in the ledger',
        description: 'Rows that the last check found to break a promise. There must be none.',
        unit: 'none',
        alerts: ['ledgerFaults'],
        expr: counted('innkeeper_ledger_faults'),
        noValue: 'not checked',
      }),
      stat({
        title: 'Ledger checked',
        description: 'Time since the ledger was last checked.',
        unit: 's',
        expr: `time() - ${counted('innkeeper_ledger_checked_timestamp_seconds')}`,
        noValue: 'never',
      }),
      stat({
        title: 'Sold-out refusals',
        description: 'Bookings refused in the chosen time because a night was sold out or closed.',
        unit: 'short',
        decimals: 0,
        expr: orZero(grown('innkeeper_sold_out_refusals_total')),
        course: false,
      }),
    ],
  ],
};
