import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createInnkeeperClient } from '../../../src/client/index.ts';
import { startApp, type TestApp, type TestTenant } from '../../support/app.ts';
import { createHotel, createProperty, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { type OwnServers, startOwnServers } from '../reads/standby.ts';

let servers: OwnServers;
let writing: TestApp;
let reading: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  servers = await startOwnServers();
  const { ownerUrl, primaryUrl, replicaUrls } = servers;
  const database = { ownerUrl, primaryUrl, replicaUrls, drop: async () => {} };
  const settings = { CACHE_POLL_MS: '20', REPLICA_WAIT_MS: '0' };
  writing = await startApp({ database, settings });
  reading = await startApp({ database, settings });
  tenant = await writing.tenant('cached');
});
afterAll(async () => {
  await servers?.resume();
  await reading?.close();
  await writing?.close();
  await servers?.stop();
});

/** A caller of the second process that has seen nothing. */
const stranger = () => createInnkeeperClient({ url: reading.url, apiKey: tenant.ownerKey });

const counts = (type: 'property' | 'search') => {
  const { hit, miss } = reading.application.cache?.stats().types[type] ?? { hit: 0, miss: 0 };
  return { hit, miss };
};

const rename = (propertyId: string, name: string) =>
  tenant.client.properties.update.mutate({ propertyId, name, idempotencyKey: key() });

test('a process answers from what it keeps until another process changes it', async () => {
  const { id: propertyId } = await createProperty(tenant.client, { name: 'First' });
  const nameOf = async () => (await stranger().properties.get.query({ propertyId })).name;
  await vi.waitUntil(async () => (await nameOf().catch(() => '')) === 'First', { timeout: 10_000 });
  await vi.waitUntil(async () => {
    const before = counts('property').hit;
    await nameOf();
    return counts('property').hit > before;
  });
  await rename(propertyId, 'Second');
  await vi.waitUntil(async () => (await nameOf()) === 'Second', { timeout: 10_000 });
});

test('a standby that stands still never brings back what was changed', async () => {
  const { id: propertyId } = await createProperty(tenant.client, { name: 'Before' });
  const nameOf = async () => (await stranger().properties.get.query({ propertyId })).name;
  await vi.waitUntil(async () => (await nameOf().catch(() => '')) === 'Before', { timeout: 10_000 });
  await servers.pause();
  await rename(propertyId, 'After');
  await vi.waitUntil(async () => (await nameOf()) === 'After', { timeout: 10_000 });
  for (let read = 0; read < 20; read++) expect(await nameOf()).toBe('After');
  await servers.resume();
});

test('whoever has changed something is shown it at once, by every process', async () => {
  const { id: propertyId } = await createProperty(tenant.client, { name: 'One' });
  const other = createInnkeeperClient({
    url: reading.url,
    apiKey: tenant.ownerKey,
    fetch: (url, init) => {
      // The token goes with the caller, whichever process is asked.
      return fetch(String(url).replace(reading.url, next().url), init);
    },
  });
  let turn = 0;
  const next = () => [writing, reading][turn++ % 2] ?? writing;
  for (let change = 0; change < 20; change++) {
    await other.properties.update.mutate({ propertyId, name: `Name ${change}`, idempotencyKey: key() });
    for (let read = 0; read < 4; read++) {
      expect((await other.properties.get.query({ propertyId })).name).toBe(`Name ${change}`);
    }
  }
});

test('a search that is kept goes when a night that it is about is sold', async () => {
  const hotel = await createHotel(tenant.client, { physicalRooms: 1 });
  const nights = stay(hotel, '2026-05-01', '2026-05-03');
  const { arrival, departure } = nights;
  const found = async () => {
    const { items } = await stranger().availability.search.query({ arrival, departure });
    return items.some(({ propertyId }) => propertyId === hotel.propertyId);
  };
  await vi.waitUntil(found, { timeout: 10_000 });
  await tenant.client.bookings.create.mutate(asked(nights));
  await vi.waitUntil(async () => !(await found()), { timeout: 10_000 });
});
