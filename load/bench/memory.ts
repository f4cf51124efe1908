import { setTimeout as delay } from 'node:timers/promises';
import { asked, stay } from '../../tests/support/stays.ts';
import { quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { residentBytes } from './resident.ts';
import { atMost, type Row } from './row.ts';

// npm run bench -- memory [MINUTES] [REQUESTS A SECOND]: mixed load (searches, calendars, bookings made, read, listed and cancelled;
// 200 requests a second) for ten minutes, the server's resident memory sampled every second. Growth is the median
// of the last minute's tenth of the time against that in the middle, so that single samples between two collections don't count.

const minutes = Number(process.argv[2] ?? 10);
const perSecond = Number(process.argv[3] ?? 200);
const SAMPLE_MS = 1_000;
/** What collections leave more or less of from one minute to the next. */
const NOISE_BYTES = 5e6;

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();
  const { server, client, hotel, today, inDays } = await openOwnHotel(opened, 100_000);
  const bookings: string[] = [];
  const any = (below: number) => Math.floor(Math.random() * below);
  const book = async () => {
    const from = 1 + any(300);
    const lines = [stay(hotel, inDays(from), inDays(from + 1 + any(7)))];
    bookings.push((await client.bookings.create.mutate(asked(...lines))).id);
  };
  const cancel = async () => {
    const [bookingId] = bookings.splice(any(bookings.length), 1);
    if (bookingId) await client.bookings.cancel.mutate({ bookingId, idempotencyKey: crypto.randomUUID() });
  };
  const search = () => {
    const from = 1 + any(300);
    return client.availability.search.query({ city: 'Lisboa', arrival: inDays(from), departure: inDays(from + 2) });
  };
  const calendar = () => client.inventory.get.query({ roomTypeId: hotel.roomTypeId, from: today, until: inDays(90) });
  const read = async () => {
    const bookingId = bookings[any(bookings.length)];
    if (bookingId) await client.bookings.get.query({ bookingId });
  };
  const list = () => client.bookings.list.query({ propertyId: hotel.propertyId, limit: 20 });
  const MIX = [search, search, search, search, calendar, calendar, book, book, read, read, list, cancel];

  const ms = minutes * 60_000;
  const startedAt = performance.now();
  const samples: number[] = [];
  let asking = 0;
  let answered = 0;
  let sent = 0;
  const sampler = setInterval(() => samples.push(residentBytes(server.pid ?? 0)), SAMPLE_MS);
  try {
    while (performance.now() - startedAt < ms) {
      for (const due = ((performance.now() - startedAt) * perSecond) / 1_000; sent < due; sent++) {
        // More at once would measure queues; what falls out is not sent.
        if (asking >= 32) continue;
        asking += 1;
        const one = MIX[sent % MIX.length] ?? search;
        one()
          .then(() => {
            answered += 1;
          })
          .finally(() => {
            asking -= 1;
          });
      }
      await delay(5);
    }
  } finally {
    clearInterval(sampler);
  }
  while (asking) await delay(5);

  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const half = Math.floor(samples.length / 2);
  const [middle, end] = [samples.slice(half, half + tenth), samples.slice(-tenth)].map((part) => quantile(part, 0.5));
  const most = Math.max(...samples);
  const grown = (end ?? Number.NaN) - (middle ?? Number.NaN);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const each = Array.from({ length: 10 }, (_, i) => mb(quantile(samples.slice(i * tenth, (i + 1) * tenth), 0.5)));
  console.log(`resident, by tenths of the time: ${each.join(', ')}`);
  const rate = (answered / (ms / 1_000)).toFixed(0);
  return [
    atMost(
      300e6,
      `memory in ${minutes} minutes of mixed load`,
      most,
      `${mb(most)} at most, ${rate} requests a second`,
      '< 300 MB',
    ),
    atMost(NOISE_BYTES, 'its growth in the second half', grown, mb(grown), `none (<= ${mb(NOISE_BYTES)})`),
  ];
};
