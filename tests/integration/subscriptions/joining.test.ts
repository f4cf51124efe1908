import { afterAll, beforeAll, expect, it } from 'vitest';
import { BEGINNING, createFeed } from '../../../src/features/events/index.ts';
import type { Database } from '../../../src/platform/db/database.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createProperty } from '../../support/hotel.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

it.each([1, 2, 3, 4])(
  'an event committed before the read number %i of a joining subscriber reaches it once',
  async (nth) => {
    const { client, tenantId } = await app.tenant(`joining-${nth}`);
    await createProperty(client);
    const { database, wakeups } = app.application;
    let reads = 0;
    const between: Database = {
      ...database,
      async read(...call) {
        reads += 1;
        if (reads === nth) await createProperty(client);
        return database.read(...call);
      },
    };
    const startTimer = (ms: number, ring: () => void) => {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    };
    const feed = createFeed({ database: between, wakeups, startTimer, onFault: () => {}, pollMs: 20 });
    const stop = new AbortController();
    const seen: string[] = [];
    const wants = ({ type }: { type: string }) => type === 'property.changed';
    for await (const { event } of feed.subscribe({ tenant: tenantId, after: BEGINNING, wants, signal: stop.signal })) {
      if (event) seen.push(event.id);
      if (seen.length === 2) stop.abort();
    }
    expect(new Set(seen).size).toBe(2);
  },
);
