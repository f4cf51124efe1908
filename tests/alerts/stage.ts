import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScrapeTarget } from '../../prometheus/src/settings.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { migrationsList } from '../../src/migrations/index.ts';
import { migrateUp } from '../../src/platform/db/migrator.ts';
import { silentListeners } from '../../src/platform/telemetry/listeners.ts';
import { type RealServers, startServers } from '../faults/servers.ts';
import { key } from '../support/hotel.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import { type Load, startLoad } from './load.ts';
import { type ProductProcess, type Settings, startProcess } from './product-process.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { openToolbox, type Toolbox } from './toolbox.ts';

/** Real servers, a serving process and a worker on them, and guests at work. */
export interface Stage {
  folder: string;
  servers: RealServers;
  redis: RedisServer;
  server: ProductProcess;
  worker: ProductProcess;
  /** Where the serving process listens. */
  url: string;
  tenantId: string;
  ownerKey: string;
  settings: Settings;
  load: Load;
  /** Of webhooks; the command lets it work again. */
  receiver: { working: boolean; startCommand: string };
  toolbox: Toolbox;
}

const SECRETS = {
  DATA_KEY: 'data-key-of-the-tests-0123456789abcdef',
  AUTH_SECRET: 'auth-secret-of-the-tests-0123456789abc',
};

const WORK_AGAIN = 'work-again';

const bootstrap = async (settings: Settings) => {
  const application = await compose(readConfig({ ...settings, LOG_LEVEL: 'silent' }), {
    clock: systemClock,
    listeners: silentListeners,
  });
  try {
    return await application.access.bootstrapTenant({ slug: 'alerts', name: 'Alerts' });
  } finally {
    await application.close();
  }
};

/** Sets the stage; what was started is ended by `opened`, in reverse. */
export const setStage = async (opened: AsyncDisposableStack): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-alerts-'));
  // The account that runs PostgreSQL has to pass through.
  await chmod(folder, 0o755);
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(folder, 'work'));
  const serversFolder = join(folder, 'servers');
  const servers = await startServers(serversFolder);
  opened.defer(servers.stop);
  // `pg_ctl` of the runbooks names it by its path.
  await chmod(serversFolder, 0o711);
  const toolbox = await openToolbox(join(folder, 'tools'), serversFolder);
  opened.defer(toolbox.close);
  await migrateUp({
    ...{ ownerUrl: servers.ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 },
  });
  const redis = await startRedis(join(folder, 'work'));
  opened.defer(redis.kill);

  const common: Settings = {
    ...SECRETS,
    DATABASE_URL: servers.primaryUrl,
    DATABASE_REPLICA_URLS: servers.replicaUrls.join(','),
    REDIS_URL: redis.url,
    JOBS_IN_SERVE: 'false',
    WEBHOOK_ALLOW_PRIVATE: 'true',
    WEBHOOK_RETRY_PAUSES_MS: '1000,2000,2000,2000,2000,2000,5000,5000,5000,5000,5000,60000,60000',
    COUNT_INTERVAL_MS: '500',
    SHUTDOWN_GRACE_MS: '1000',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'warn',
  };
  const { tenantId, ownerKey } = await bootstrap(common);
  const [port, serverAdmin, workerAdmin] = [await freePort(0), await freePort(0), await freePort(0)];
  const settings = { ...common, PORT: String(port), ADMIN_PORT: String(serverAdmin) };
  const work = join(folder, 'work');
  const server = await startProcess({ command: 'serve', settings, folder: work });
  opened.defer(server.stop);
  const worker = await startProcess({
    ...{ command: 'worker', folder: work, settings: { ...common, ADMIN_PORT: String(workerAdmin) } },
  });
  opened.defer(worker.stop);

  const receiver = { working: true, startCommand: '' };
  const hooks = await startWebhookReceiver(({ text }) => {
    if (text === WORK_AGAIN) receiver.working = true;
    return receiver.working ? 204 : 503;
  });
  opened.defer(hooks.close);
  receiver.startCommand = `curl -fsS -d ${WORK_AGAIN} ${hooks.url}`;
  const url = `http://127.0.0.1:${port}`;
  const load = await startLoad(url, ownerKey);
  opened.defer(load.stop);
  await load.client.webhooks.create.mutate({ url: hooks.url, idempotencyKey: key() });
  return { folder, servers, redis, server, worker, url, tenantId, ownerKey, settings, load, receiver, toolbox };
};

/** Its own processes, as they are scraped. */
export const targetsOf = ({ server, worker }: Stage): ScrapeTarget[] =>
  [server, worker].map(({ adminUrl }) => ({ address: new URL(adminUrl).host, labels: { namespace: 'alerts' } }));

/** Puts back what the fault before has left to a runbook: processes are the stage's own again. */
export const restoreStage = async ({ server, worker, toolbox }: Stage): Promise<void> => {
  if (server.runs && worker.runs) return;
  await toolbox.endProcesses();
  for (const process of [server, worker]) if (!process.runs) await process.start();
};
