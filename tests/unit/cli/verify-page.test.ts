import { expect, test } from 'vitest';
import { reportPage } from '../../../src/cli/verify/report-page.ts';

const examined = { nights: 30_618, bookings: 1, lines: 120_000, stays: 0, events: 2, guests: 1 };
const held = { name: 'nights held', promise: 'held is what is held', found: 0, rows: [] };
const capacity = { name: 'capacity', promise: 'no night counts more than there is', found: 0, rows: [] };
const tenant = { tenantId: 'id-1', slug: 'seaside', clean: true, examined, findings: [held, capacity] };

test('the page says what was looked at and that nothing is off', () => {
  expect(reportPage([tenant])).toBe(
    `Tenant seaside: 1 booking, 120 000 lines, 30 618 nights, 0 stays and blocks, 2 events, 1 guest

  CHECK        FOUND  PROMISE
  nights held  ok     held is what is held
  capacity     ok     no night counts more than there is

Nothing is off in 1 tenant.
`,
  );
});

test('the page shows the rows that are off below the table, and how many more there are', () => {
  const broken = {
    ...capacity,
    found: 1_201,
    rows: [
      { night: '2026-05-01', held: 3 },
      { night: '2026-05-02', held: null },
    ],
  };
  const page = reportPage([tenant, { ...tenant, slug: 'hills', clean: false, findings: [held, broken] }]);
  expect(page.slice(page.indexOf('Tenant hills')).split('\n').slice(2)).toEqual([
    '  CHECK        FOUND  PROMISE',
    '  nights held  ok     held is what is held',
    '  capacity     1 201  no night counts more than there is',
    '',
    '  capacity: broken is that no night counts more than there is',
    '    night=2026-05-01 held=3',
    '    night=2026-05-02 held=null',
    '    and 1 199 more',
    '',
    'Something is off in hills.',
    '',
  ]);
});
