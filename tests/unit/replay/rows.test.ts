import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../../src/cli/replay/row.ts';
import { type BrokenLine, readRows, streamRows } from '../../../src/cli/replay/rows.ts';
import { HEADER, lineWith } from './demand.ts';

const entriesOf = (text: string): Promise<(Row | BrokenLine)[]> => Array.fromAsync(streamRows(Readable.from([text])));
const entryOf = async (changes: Record<string, string>) => (await entriesOf(`${HEADER}\n${lineWith(changes)}\n`))[0];

describe('a line of the dataset', () => {
  it('becomes a row with dates derived from arrival, nights and lead time', async () => {
    const changes = { stays_in_weekend_nights: '2', stays_in_week_nights: '3', lead_time: '60', adr: '75.5' };
    expect(await entryOf(changes)).toEqual({
      row: 1,
      hotel: 'resort',
      roomType: 'A',
      bookedOn: '2015-12-30',
      leadDays: 60,
      arrival: '2016-02-28',
      departure: '2016-03-04',
      nights: 5,
      adults: 2,
      children: 0,
      babies: 0,
      rate: 7550,
      status: 'Check-Out',
      statusDate: '2016-02-29',
      country: 'PRT',
      channel: 'TA/TO',
      marketSegment: 'Online TA',
    });
  });

  it.each([
    ['75', 7500],
    ['0.07', 7],
    ['1.005', 101],
    ['1.0049999', 100],
    ['8.285', 829],
    ['-6.38', -638],
    ['-0.005', 0],
    ['-0.0051', -1],
    ['5400', 540_000],
  ])('has its rate %s as %i minor units, rounded half up from the text', async (adr, rate) => {
    expect(await entryOf({ adr })).toMatchObject({ rate });
  });

  it('has no country when the source withholds it, and no children where it lacks their number', async () => {
    expect(await entryOf({ country: 'NULL', children: 'NA' })).toMatchObject({ country: undefined, children: 0 });
  });

  it.each([
    ['hotel', 'Beach Hotel'],
    ['arrival_date_month', 'Brumaire'],
    ['arrival_date_day_of_month', '30'],
    ['reservation_status_date', '13/1/2016'],
    ['reservation_status_date', '2016-02-29'],
    ['lead_time', '-1'],
    ['stays_in_week_nights', '1.5'],
    ['adults', ''],
    ['children', 'NULL'],
    ['adr', '1e3'],
    ['adr', '"75"'],
    ['reservation_status', 'Checked-Out'],
    ['is_canceled', '1'],
    ['country', ''],
    ['reserved_room_type', ''],
  ])('is broken when %s is "%s", with its line and the reason', async (column, text) => {
    expect(await entryOf({ [column]: text })).toEqual({ line: 2, reason: expect.stringContaining(text || "''") });
  });
});

describe('the file', () => {
  it('reports each broken line in its place and goes on; rows are numbered by their lines', async () => {
    const text = [HEADER, lineWith(), 'Resort Hotel,0', '', `${lineWith()},more`, lineWith({ adr: '7"5' }), lineWith()];
    const entries = await entriesOf(`\uFEFF${text.join('\r\n')}\r\n`);
    expect(entries.map((entry) => ('reason' in entry ? entry : entry.row))).toEqual([
      1,
      { line: 3, reason: '2 fields instead of 32' },
      { line: 4, reason: '1 fields instead of 32' },
      { line: 5, reason: '33 fields instead of 32' },
      { line: 6, reason: `adr is '7"5', expected a decimal number` },
      6,
    ]);
  });

  it('is refused by its header when columns are missing or it is empty', async () => {
    await expect(entriesOf(`${HEADER.replace('adr', 'price')}\n${lineWith()}`)).rejects.toMatchObject({
      code: 'NOT_HOTEL_DEMAND',
      message: expect.stringContaining('adr'),
    });
    await expect(entriesOf('')).rejects.toMatchObject({ code: 'NOT_HOTEL_DEMAND' });
  });
});

describe('a file on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hotel-demand-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const text = [HEADER, lineWith(), 'broken', lineWith()].join('\n');

  it('reads the same whether gzip or plain, whatever its name', async () => {
    await writeFile(join(folder, 'plain.gz'), text);
    await writeFile(join(folder, 'packed.csv'), gzipSync(text));
    const plain = await readRows(join(folder, 'plain.gz'));
    expect(plain.rows.map(({ row }) => row)).toEqual([1, 3]);
    expect(plain.broken).toEqual([{ line: 3, reason: '1 fields instead of 32' }]);
    expect(await readRows(join(folder, 'packed.csv'))).toEqual(plain);
  });

  it('fails when it is missing or cut short, instead of yielding fewer rows', async () => {
    await expect(readRows(join(folder, 'nowhere.csv'))).rejects.toThrow('ENOENT');
    const packed = gzipSync(text);
    await writeFile(join(folder, 'cut.gz'), packed.subarray(0, packed.length - 20));
    await expect(readRows(join(folder, 'cut.gz'))).rejects.toThrow('unexpected end of file');
  });
});
