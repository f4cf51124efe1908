import type { Refusal } from './refusal.ts';

const weak = (key: string, value: string, says: string): Refusal => ({
  name: `${key} of ${value.length} characters like ${value.slice(0, 1)}`,
  change: {
    secrets: {
      existing: '',
      values: {
        DATABASE_URL: 'postgres://db/innkeeper',
        DATA_KEY: 'a-good-one-of-36-characters-01234567',
        AUTH_SECRET: 'a-good-one-of-36-characters-76543210',
        [key]: value,
      },
    },
  },
  says: [`secrets.values.${key} `, says],
});

/** Values that the schema takes one by one, and that can't work together. */
export const wrongTogether: readonly Refusal[] = [
  { name: 'no database', change: { secrets: { existing: '' } }, says: ['There is no database', 'secrets.existing'] },
  {
    name: 'two places for secrets',
    change: { secrets: { external: { store: 'vault', key: 'innkeeper' } } },
    says: ['secrets.existing and secrets.external'],
  },
  {
    name: 'two databases',
    change: { secrets: { existing: '' }, demo: { enabled: true }, postgres: { cluster: { enabled: true } } },
    says: ['demo.enabled', 'postgres.cluster.enabled'],
  },
  weak('DATA_KEY', 'short', 'has 5 characters: 32 random ones or more'),
  weak('AUTH_SECRET', 'x'.repeat(40), 'is one character over and over'),
  {
    name: 'a secret among the settings',
    change: { config: { DATABASE_URL: 'postgres://db/innkeeper' } },
    says: ['config.DATABASE_URL is a secret'],
  },
  {
    name: 'more pods than the database has connections for',
    change: { autoscaling: { max: 60 } },
    says: ['want 879 connections', 'database.maxConnections is 197', 'autoscaling.max'],
  },
  {
    name: 'the same without a scaler',
    change: { autoscaling: { mode: 'off' }, web: { replicas: 40 } },
    says: ['database.maxConnections is 197', 'web.replicas'],
  },
  {
    name: 'both monitors',
    change: { monitoring: { serviceMonitor: { enabled: true } } },
    says: ['monitoring.podMonitor.enabled and monitoring.serviceMonitor.enabled are both true'],
  },
  {
    name: 'fewest pods above most pods',
    change: { autoscaling: { min: 9 } },
    says: ['autoscaling.min is 9', 'autoscaling.max 6'],
  },
  {
    name: 'KEDA without Prometheus',
    change: { autoscaling: { prometheus: { address: '' } } },
    says: ['autoscaling.prometheus.address is missing'],
  },
  {
    name: 'too little memory',
    change: { web: { resources: { limits: { memory: '64Mi' } } } },
    says: ['web.resources.limits.memory is 64Mi'],
  },
  {
    name: 'too little time to stop',
    change: { web: { terminationGracePeriodSeconds: 20 } },
    says: ['web.terminationGracePeriodSeconds is 20', 'config.MAX_DEADLINE_MS'],
  },
  {
    name: 'a drain that is shorter than looks at DNS',
    change: { web: { drainSeconds: 2 } },
    says: ['web.drainSeconds is 2'],
  },
  {
    name: 'connections that are closed before nginx closes them',
    change: { config: { KEEP_ALIVE_MS: 5_000 } },
    says: ['config.KEEP_ALIVE_MS is 5000'],
  },
  {
    name: 'environment that the chart sets',
    change: { web: { extraEnv: [{ name: 'DATABASE_URL', value: 'x' }] } },
    says: ['web.extraEnv has DATABASE_URL'],
  },
  {
    name: 'an Ingress without a host',
    change: { ingress: { mode: 'controller', host: '' } },
    says: ['ingress.mode is controller', 'ingress.host is empty'],
  },
  {
    name: 'a route without a Gateway',
    change: { ingress: { mode: 'gateway', tls: { secretName: '' } } },
    says: ['ingress.mode is gateway', 'ingress.gateway.parentRefs is empty'],
  },
  {
    name: 'backups without a place',
    change: { postgres: { cluster: { enabled: true, backup: { enabled: true } } } },
    says: ['postgres.cluster.backup.enabled is true', 'objectStore'],
  },
];
