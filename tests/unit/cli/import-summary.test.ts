import { expect, it } from 'vitest';
import { summary } from '../../../src/cli/import/summary.ts';
import type { ImportReport } from '../../../src/features/imports/index.ts';

const REPORT: ImportReport = {
  listings: { read: 3, taken: 2, refused: 1, written: 1, unchanged: 1 },
  calendar: { read: 40, taken: 28, refused: 12, written: 28, unchanged: 0 },
  dates: { first: '2024-06-29', movedTo: '2026-02-28', movedByDays: 609 },
  refused: [
    { file: 'listings', line: 4, reason: 'name is missing' },
    ...Array.from({ length: 12 }, (_, at) => ({ file: 'calendar' as const, line: at + 2, reason: 'price is missing' })),
  ],
  milliseconds: { read: 1_240, load: 30_000, analyze: 560 },
};

it('an import says what it counted, moved and refused, and how long it took', () => {
  expect(summary(REPORT)).toBe(
    [
      '               READ  TAKEN  REFUSED  NEW  THERE BEFORE',
      'listings       3     2      1        1    1',
      'calendar rows  40    28     12       28   0',
      '',
      'Dates moved by 609 days: the calendar begins on 2026-02-28, in the files on 2024-06-29.',
      'Refused:',
      '  listings: name is missing (line 4)',
      '  calendar: price is missing (lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more)',
      'Took 31.8 s: reading 1.2, loading 30.0, analyzing 0.6.',
      '',
    ].join('\n'),
  );
});

it('an import that kept the dates and refused nothing says nothing about either', () => {
  const dates = { first: '2024-06-29', movedTo: '2024-06-29', movedByDays: 0 };
  const lines = summary({ ...REPORT, dates, refused: [] }).split('\n');
  expect(lines.filter((line) => /moved|Refused/.test(line))).toEqual([]);
});
