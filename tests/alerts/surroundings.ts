import { join } from 'node:path';
import type { Monitoring } from './monitoring.ts';
import type { Stage } from './stage.ts';

/** The superuser's URL of the standby. */
export const standbyUrl = ({ servers }: Stage): string => {
  const url = new URL(servers.adminUrl);
  url.port = new URL(servers.replicaUrls[0] ?? '').port;
  return url.href;
};

/** The variables that runbooks use, for the processes of the stage. */
export const environmentOf = (stage: Stage, monitoring: Monitoring): Record<string, string> => ({
  ...stage.settings,
  DATABASE_MIGRATION_URL: stage.servers.ownerUrl,
  REPLICA_URL: standbyUrl(stage),
  PGDATA: join(stage.folder, 'servers/primary'),
  REPLICA_DATA: join(stage.folder, 'servers/standby'),
  REDIS_CONF: stage.redis.settingsFile,
  TENANT: stage.tenantId,
  SERVER: stage.url,
  ADMIN: stage.server.adminUrl,
  PROMETHEUS: monitoring.url,
  ALERTMANAGER: monitoring.alertmanagerUrl,
});
