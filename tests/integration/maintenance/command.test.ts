import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, runCli } from '../../support/cli-process.ts';
import { holdOpen } from '../../support/open-transaction.ts';
import { eventsLeft, writeEvents } from './old-rows.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ settings: { DATABASE_REPLICA_URLS: '' } });
});
afterAll(() => app.close());

const run = (settings: Record<string, string> = {}) =>
  runCli(['maintain'], { ...databaseSettings(app.database), ...settings });

it('innkeeper maintain says what it has deleted, and ends with status 1 when a lock has left something over', async () => {
  const { tenantId } = await app.tenant('by-command');
  await writeEvents(app, tenantId, ['2020-01-01Z', '2020-01-01Z']);
  const release = await holdOpen(
    app.database.ownerUrl,
    tenantId,
    'select from event where tenant_id = app.tenant() for key share',
  );
  const blocked = await run();
  expect([blocked.status, blocked.stdout.split('\n').at(-2)]).toEqual([
    1,
    'Locked by others, left for the next run: events.',
  ]);
  expect(blocked.stderr).toBe('Maintaining …\n');
  await release();

  const { status, stdout } = await run();
  expect(stdout).toMatch(
    /^WHAT +DELETED\nidempotency keys +0\nsessions +0\naudit entries +0\nwebhook deliveries +0\nevents +2\nasked answers +0\n\nStatistics renewed: /,
  );
  expect(status).toBe(0);
  expect(await eventsLeft(app, tenantId)).toEqual([]);
});

it('it keeps events and audit entries for as long as the settings say', async () => {
  const { tenantId } = await app.tenant('by-settings');
  await writeEvents(app, tenantId, ['2020-01-01Z']);
  expect((await run({ EVENT_RETENTION_DAYS: '36500' })).stdout).toMatch(/^events +0$/m);
  expect((await run({ EVENT_RETENTION_DAYS: '0' })).status).toBe(2);
  expect(await eventsLeft(app, tenantId)).toEqual(['event 1']);
});

it('the background work does the same, by the clock of the process', async () => {
  const { client, tenantId } = await app.tenant('by-task');
  await writeEvents(app, tenantId, ['2026-03-01Z', '2026-05-01Z']);
  await client.clock.advance.mutate({ to: '2026-06-01T00:00:00.000Z' });
  expect(await eventsLeft(app, tenantId)).toEqual(['event 2']);
  const { schedule } = app.application.tasks.find(({ name }) => name === 'maintain') ?? {};
  expect(schedule).toEqual({ cron: '17 3 * * *' });
});
