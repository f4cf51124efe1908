import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileBytes } from '../../../src/cli/import/files.ts';
import { surveyCalendar } from '../../../src/features/imports/calendar-rows.ts';
import { listingCalendars } from '../../../src/features/imports/listing-calendars.ts';
import { readListings } from '../../../src/features/imports/listings.ts';

const file = (name: string) => () => fileBytes(join(import.meta.dirname, '../../../sample', name));

it('every row of the sample is taken, and as many nights are available as were published', {
  timeout: 60_000,
}, async () => {
  const refused: unknown[] = [];
  const listings = await readListings(file('antwerp-listings.csv.gz'), (row) => refused.push(row));
  const calendar = file('antwerp-calendar.csv.gz');
  const { rows, first } = await surveyCalendar(calendar);
  let available = 0;
  const setting = { listings, first: first ?? '', digits: 2 };
  for await (const { finished } of listingCalendars(calendar, setting, (row) => refused.push(row))) {
    for (const { nights } of finished) available += nights.filter((night) => night?.available).length;
  }
  expect(refused).toEqual([]);
  expect({ listings: listings.taken.size, rows, first, available }).toEqual({
    listings: 2_870,
    rows: 1_047_550,
    first: '2024-06-29',
    available: 551_188,
  });
});
