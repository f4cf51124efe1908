import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { withApplication } from '../../src/cli/with-application.ts';
import { newScope } from '../../src/platform/db/scope.ts';
import { key } from '../../tests/support/hotel.ts';
import { asked, stay } from '../../tests/support/stays.ts';
import { closedLoad, openLoad, quantile } from './load.ts';
import { openOwnHotel } from './own-hotel.ts';
import { atLeast, atMost, type Row } from './row.ts';

// npm run bench -- events [PAIRS] [SECONDS]: how fast bookings are made while their events are delivered to a webhook receiver
// on this machine, against the same without one, in turns (4 pairs of 8 s); then how long an event takes from its
// commit to the receiver at half that rate.

const pairs = Number(process.argv[2] ?? 4);
const ms = Number(process.argv[3] ?? 8) * 1_000;
const AT_ONCE = 16;

export const run = async (): Promise<Row[]> => {
  await using opened = new AsyncDisposableStack();

  let received = 0;
  let lags: number[] = [];
  const receiver = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    received += 1;
    lags.push(Date.now() - Date.parse((JSON.parse(text) as { timestamp: string }).timestamp));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  opened.defer(() => void receiver.close().closeAllConnections());
  const { port } = receiver.address() as AddressInfo;

  const { dataDir, client, hotel, inDays } = await openOwnHotel(opened, 100_000, { WEBHOOK_ALLOW_PRIVATE: 'true' });
  const { id: endpointId } = await client.webhooks.create.mutate({
    ...{ url: `http://127.0.0.1:${port}/`, eventTypes: ['booking.confirmed'] },
    idempotencyKey: key(),
  });
  const deliver = (active: boolean) => client.webhooks.update.mutate({ endpointId, active, idempotencyKey: key() });

  let made = 0;
  const create = () => {
    const from = 1 + (made++ % 300);
    return client.bookings.create.mutate(asked(stay(hotel, inDays(from), inDays(from + 2))));
  };
  const drained = async (expected: number) => {
    while (received < expected) await delay(50);
  };

  await deliver(false);
  await deliver(true);
  await closedLoad(AT_ONCE, ms, create);
  await drained(received);
  // As autovacuum would have within its first minute: plans made for empty tables get slower with every row.
  await withApplication({ dataDir }, ({ application }) =>
    application.database.read(newScope(null), 'primary', (db) => sql`select app.analyze_tables()`.execute(db)),
  );
  await deliver(false);
  const ratios: number[] = [];
  let last = 0;
  for (let pair = 1; pair <= pairs; pair++) {
    const without = await closedLoad(AT_ONCE, ms, create);
    await deliver(true);
    const before = made;
    const beforeReceived = received;
    last = await closedLoad(AT_ONCE, ms, create);
    const behind = made - before - (received - beforeReceived);
    await drained(beforeReceived + made - before);
    await deliver(false);
    ratios.push(last / without);
    console.log(
      `pair ${pair}: ${without.toFixed(0)} bookings/s without, ${last.toFixed(0)} with deliveries ` +
        `(${((100 * last) / without).toFixed(0)} %), ${behind} behind at the end`,
    );
  }
  const kept = quantile(ratios, 0.5);

  await deliver(true);
  const [before, beforeReceived] = [made, received];
  lags = [];
  await openLoad(last / 2, 2 * ms, create);
  await drained(beforeReceived + made - before);
  const p99 = quantile(lags, 0.99);
  return [
    atLeast(
      0.8,
      'rate of bookings kept while their events are delivered to a webhook',
      kept,
      `${(100 * kept).toFixed(0)} %`,
      '>= 80 %',
    ),
    atMost(
      250,
      'from commit to receiver at half that rate',
      p99,
      `p50 ${quantile(lags, 0.5)} ms, p99 ${p99} ms at ${(last / 2).toFixed(0)} bookings a second`,
      'p99 <= 250 ms',
    ),
  ];
};
