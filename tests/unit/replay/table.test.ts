import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../src/cli/replay/refusal.ts';
import { closingReport } from '../../../src/cli/replay/table.ts';
import { createTally } from '../../../src/cli/replay/tally.ts';
import type { Totals } from '../../../src/cli/replay/totals.ts';

const codes = { no_nights: 'NO_NIGHTS', no_guests: 'NO_GUESTS', negative_rate: 'VALIDATION', no_rooms: 'SOLD_OUT' };

const figures: Totals<Refusal> = {
  outcomes: [
    {
      hotel: 'city',
      status: 'Check-Out',
      accepted: 1,
      refused: new Map([
        ['no_nights', 1],
        ['negative_rate', 1],
      ]),
    },
    { hotel: 'resort', status: 'No-Show', accepted: 1, refused: new Map() },
  ],
  months: [
    { hotel: 'city', status: 'Check-Out', month: '2016-12', nights: 1, revenue: 123_450 },
    { hotel: 'city', status: 'Check-Out', month: '2017-01', nights: 1, revenue: 123_450 },
    { hotel: 'resort', status: 'No-Show', month: '2016-12', nights: 1, revenue: 7_005 },
  ],
};

const cityNights = [
  { night: '2016-12-31', amount: 123_450 },
  { night: '2017-01-01', amount: 123_450 },
];

const asExpected = () => {
  const tally = createTally();
  tally.accepted('city', 'Check-Out', cityNights);
  tally.refused('city', 'Check-Out', 'NO_NIGHTS');
  tally.refused('city', 'Check-Out', 'VALIDATION');
  return tally;
};

describe('the closing table', () => {
  it('accounts for each row, and shows the API beside the file', () => {
    const tally = asExpected();
    tally.accepted('resort', 'No-Show', [{ night: '2016-12-24', amount: 7_005 }]);
    const { text, differences } = closingReport(tally.totals(), figures, codes);
    expect(differences).toEqual([]);
    expect(text).toBe(
      [
        'Rows of the file and what the API made of them',
        'hotel   status     rows in file  accepted  NO_NIGHTS  VALIDATION  accounted for',
        '------  ---------  ------------  --------  ---------  ----------  -------------',
        'city    Check-Out             3         1          1           1              3',
        'city    Canceled              0         0          0           0              0',
        'city    No-Show               0         0          0           0              0',
        'resort  Check-Out             0         0          0           0              0',
        'resort  Canceled              0         0          0           0              0',
        'resort  No-Show               1         1          0           0              1',
        'total                         4         2          1           1              4',
        '',
        'Planned room nights and revenue (EUR), by the month of each night',
        'hotel   month    nights, API  nights, file  revenue, API  revenue, file',
        '------  -------  -----------  ------------  ------------  -------------',
        'city    2016-12            1             1      1,234.50       1,234.50',
        'city    2017-01            1             1      1,234.50       1,234.50',
        'resort  2016-12            1             1         70.05          70.05',
        'resort  2017-01            0             0          0.00           0.00',
        'total                      3             3      2,539.05       2,539.05',
        '',
        'No differences.',
      ].join('\n'),
    );
  });

  it('lists every disagreement in outcome, code, nights and revenue', () => {
    const tally = asExpected();
    tally.refused('resort', 'No-Show', 'SOLD_OUT');
    const { text, differences } = closingReport(tally.totals(), figures, codes);
    expect(differences).toEqual([
      { what: 'resort, No-Show: accepted', expected: 1, found: 0 },
      { what: 'resort, No-Show: refused with SOLD_OUT', expected: 0, found: 1 },
      { what: 'resort, No-Show, 2016-12: planned nights', expected: 1, found: 0 },
      { what: 'resort, No-Show, 2016-12: planned revenue', expected: 7_005, found: 0 },
    ]);
    expect(text).toContain('Differences: 4 (revenue in minor units)');
    expect(text).toContain('resort  2016-12            0             1          0.00          70.05  differs');
  });

  it('notices a row that nothing accounts for, and a night in the wrong month or at another price', () => {
    const missing = closingReport(asExpected().totals(), figures, codes);
    expect(missing.differences).toContainEqual({ what: 'resort, No-Show: rows', expected: 1, found: 0 });
    expect(missing.text).toContain(
      'resort  No-Show               1         0          0           0              0  differs',
    );

    const shifted = createTally();
    shifted.accepted('city', 'Check-Out', [
      { night: '2016-12-31', amount: 123_450 },
      { night: '2016-12-30', amount: 123_451 },
    ]);
    const { differences } = closingReport(shifted.totals(), figures, codes);
    expect(differences).toContainEqual({ what: 'city, Check-Out, 2016-12: planned nights', expected: 1, found: 2 });
    expect(differences).toContainEqual({
      what: 'city, Check-Out, 2016-12: planned revenue',
      expected: 123_450,
      found: 246_901,
    });
    expect(differences).toContainEqual({ what: 'city, Check-Out, 2017-01: planned nights', expected: 1, found: 0 });
  });

  it('notices a booking that ended in another status, although its month adds up', () => {
    const tally = asExpected();
    tally.accepted('resort', 'Canceled', [{ night: '2016-12-24', amount: 7_005 }]);
    const { text, differences } = closingReport(tally.totals(), figures, codes);
    expect(differences).toContainEqual({ what: 'resort, Canceled: accepted', expected: 0, found: 1 });
    expect(differences).toContainEqual({ what: 'resort, No-Show, 2016-12: planned nights', expected: 1, found: 0 });
    expect(text).not.toContain('No differences');
  });

  it('adds up refusals that share a code', () => {
    const shared = { ...codes, no_nights: 'VALIDATION' };
    const tally = createTally();
    tally.accepted('city', 'Check-Out', cityNights);
    tally.refused('city', 'Check-Out', 'VALIDATION');
    tally.refused('city', 'Check-Out', 'VALIDATION');
    tally.accepted('resort', 'No-Show', [{ night: '2016-12-24', amount: 7_005 }]);
    expect(closingReport(tally.totals(), figures, shared).differences).toEqual([]);
  });

  it('shows the first forty of many differences and says how many follow', () => {
    const tally = createTally();
    for (let month = 10; month < 60; month += 1)
      tally.accepted('city', 'Check-Out', [{ night: `20${month}-01-01`, amount: 0 }]);
    const { text, differences } = closingReport(tally.totals(), { outcomes: [], months: [] }, codes);
    expect(differences).toHaveLength(52);
    expect(text.split('\n').at(-1)).toBe('and 12 more');
  });
});
