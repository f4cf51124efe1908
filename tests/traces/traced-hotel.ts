import { randomBytes, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { type AppOptions, startApp, testMigrate } from '../support/app.ts';
import { databaseSettings, readyUrl, startCli } from '../support/cli-process.ts';
import { createHotel, key } from '../support/hotel.ts';
import { createDatabase } from '../support/postgres.ts';
import { stay } from '../support/stays.ts';

/** Who books in these tests: what no span may hold. */
export const BOOKER = { name: 'Zbigniewa Nowakówna', email: 'zbigniewa.nowak@example.net', phone: '+48 600 700 800' };

const DAY_MS = 86_400_000;

/** A database with a hotel, and a webhook endpoint where a receiver is given. */
export const prepareHotel = async (receiverUrl?: string) => {
  const database = await createDatabase(testMigrate);
  onTestFinished(() => database.drop());
  const settings = { WEBHOOK_ALLOW_PRIVATE: 'true' };
  const options: AppOptions = { database, settings, verified: false, instant: new Date().toISOString() };
  const app = await startApp(options);
  const { client, ownerKey, tenantId } = await app.tenant('traced');
  const arrival = app.clock.nowIso().slice(0, 10);
  const departure = new Date(app.clock.nowMs() + 2 * DAY_MS).toISOString().slice(0, 10);
  const hotel = await createHotel(client, { physicalRooms: 100, from: arrival });
  if (receiverUrl) await client.webhooks.create.mutate({ url: receiverUrl, idempotencyKey: key() });
  await app.close();
  const line = stay(hotel, arrival, departure);
  return { database, ownerKey, tenantId, arrival, departure, line };
};

export type PreparedHotel = Awaited<ReturnType<typeof prepareHotel>>;

const settingsOf = ({ database }: PreparedHotel, more: Record<string, string>) => ({
  ...databaseSettings(database),
  ...{ WEBHOOK_ALLOW_PRIVATE: 'true', JOBS_IN_SERVE: 'false', LOG_FORMAT: 'json', LOG_LEVEL: 'info' },
  ...more,
});

/** `innkeeper serve` in a process of its own. */
export const startServer = async (hotel: PreparedHotel, settings: Record<string, string>) => {
  const adminPort = String(await freePort(0));
  const server = startCli(['serve'], settingsOf(hotel, { ADMIN_PORT: adminPort, ...settings }));
  const url = await readyUrl(server);
  const metrics = async () => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return { server, url, metrics };
};

/** `innkeeper worker` in a process of its own. */
export const startWorker = async (hotel: PreparedHotel, settings: Record<string, string>) => {
  const worker = startCli(['worker'], settingsOf(hotel, { ADMIN_PORT: String(await freePort(0)), ...settings }));
  await worker.printed(/"msg":"working"/);
  return worker;
};

/** A trace that some caller has begun, which says that it is not to be recorded. */
export const callersTrace = () => {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, header: `00-${traceId}-${randomBytes(8).toString('hex')}-00` };
};

/** A booking of the hotel for BOOKER by way of the HTTP API; its status. */
export const book = async (url: string, hotel: PreparedHotel, traceParent: string): Promise<number> => {
  const { status } = await fetch(`${url}/trpc/bookings.create`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${hotel.ownerKey}`, 'content-type': 'application/json' },
      ...{ traceparent: traceParent, 'user-agent': 'nowak-client/1.0' },
    },
    body: JSON.stringify({ lines: [hotel.line], booker: BOOKER, idempotencyKey: randomUUID() }),
  });
  return status;
};
