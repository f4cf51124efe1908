import { expect, it } from 'vitest';
import { anomaliesOf } from '../../../src/cli/replay/anomalies.ts';
import { rowWith } from './demand.ts';

const cancelledOn = (statusDate: string, bookedOn = '2016-05-01') =>
  rowWith({ status: 'Canceled', statusDate, bookedOn });
const noShowOn = (statusDate: string, bookedOn = '2016-05-01') => rowWith({ status: 'No-Show', statusDate, bookedOn });

const count = (...rows: ReturnType<typeof rowWith>[]) =>
  anomaliesOf(rows)
    .filter((anomaly) => anomaly.rows > 0)
    .map(({ name, rows }) => [name, rows]);

it('a plain stay, cancellation or no-show is no anomaly', () => {
  expect(count(rowWith(), cancelledOn('2016-05-05'), noShowOn('2016-05-10'))).toEqual([]);
});

it.each([
  ['no nights', rowWith({ nights: 0 })],
  ['nights but no guests', rowWith({ adults: 0 })],
  ['negative rate', rowWith({ rate: -1 })],
  ['cancelled on the day of booking', cancelledOn('2016-05-01')],
  ['cancelled on the day of arrival', cancelledOn('2016-05-10')],
  ['cancelled after the day of arrival', cancelledOn('2016-05-11')],
  ['no-show before its arrival', noShowOn('2016-05-08')],
  ['no-show booked on the day of arrival', noShowOn('2016-05-10', '2016-05-10')],
  ['no-show marked after the day of arrival', noShowOn('2016-05-11')],
  ['checked out before its arrival', rowWith({ statusDate: '2016-05-09' })],
  ['checked out on the day of arrival', rowWith({ statusDate: '2016-05-10' })],
  ['checked out early, after a night or more', rowWith({ statusDate: '2016-05-12' })],
  ['checked out late', rowWith({ statusDate: '2016-05-14' })],
  ['children without adults', rowWith({ adults: 0, children: 1 })],
  ['rate of zero', rowWith({ rate: 0 })],
  ['no country', rowWith({ country: undefined })],
])('"%s" is counted, and nothing else of that row', (name, row) => {
  expect(count(rowWith(), row)).toEqual([[name, 1]]);
});

it('a row that shows several anomalies counts for each', () => {
  expect(count(rowWith({ nights: 0, adults: 0 }))).toEqual([
    ['no nights', 1],
    ['neither nights nor guests', 1],
  ]);
  expect(count(cancelledOn('2016-05-10', '2016-05-10'))).toEqual([
    ['cancelled on the day of booking', 1],
    ['cancelled on the day of arrival', 1],
  ]);
  expect(count(cancelledOn('2016-04-30'))).toEqual([['ended before it was booked', 1]]);
});
