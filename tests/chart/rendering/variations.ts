import type { Values } from './helm.ts';

interface Variation {
  name: string;
  /** The file of values that it starts from. */
  of: 'production' | 'demo';
  change?: Values;
  args?: readonly string[];
}

const keys = {
  DATA_KEY: 'only-for-tests-0123456789-abcdefghij',
  AUTH_SECRET: 'only-for-tests-abcdefghij-0123456789',
};

const ownSecrets = {
  secrets: {
    existing: '',
    values: {
      DATABASE_URL: 'postgres://app:secret@db-1,db-2/innkeeper',
      DATABASE_REPLICA_URLS: 'postgres://app:secret@db-3/innkeeper',
      DATABASE_MIGRATION_URL: 'postgres://owner:secret@db-1/innkeeper',
      REDIS_URL: 'rediss://:secret@redis:6380',
      ...keys,
    },
  },
  networkPolicy: { redis: { ports: [6380] } },
};

const placed = {
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] }],
      },
    },
  },
  priorityClassName: 'high',
  podAnnotations: { 'example.com/note': 'one' },
  podLabels: { 'example.com/team': 'booking' },
  extraEnv: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector:4318' }],
};

const { extraEnv: _, ...placedEdge } = placed;

export const variations: readonly Variation[] = [
  { name: 'production', of: 'production' },
  { name: 'production, upgraded', of: 'production', args: ['--is-upgrade'] },
  { name: 'demo', of: 'demo' },
  { name: 'demo, upgraded', of: 'demo', args: ['--is-upgrade'] },
  { name: 'a Secret of the chart', of: 'production', change: ownSecrets },
  { name: 'a Secret of the chart, upgraded', of: 'production', change: ownSecrets, args: ['--is-upgrade'] },
  {
    name: 'an ExternalSecret',
    of: 'production',
    change: { secrets: { existing: '', external: { store: 'vault', key: 'booking/innkeeper' } } },
  },
  { name: 'migrations as Jobs', of: 'production', change: { migrations: { mode: 'job' } } },
  { name: 'migrations by hand', of: 'production', change: { migrations: { mode: 'none' } } },
  {
    name: 'a CloudNativePG Cluster',
    of: 'production',
    change: {
      secrets: { existing: '', values: keys },
      postgres: {
        cluster: {
          enabled: true,
          walStorage: { size: '5Gi', storageClass: 'fast' },
          synchronous: { method: 'any', number: 1 },
          podMonitor: true,
          pooler: { enabled: true, resources: { requests: { cpu: '100m' }, limits: { memory: '128Mi' } } },
          backup: {
            enabled: true,
            objectStore: {
              configuration: {
                destinationPath: 's3://backups/innkeeper',
                s3Credentials: { inheritFromIAMRole: true },
              },
            },
          },
        },
      },
    },
  },
  {
    name: 'a CloudNativePG Cluster without pooler and backups',
    of: 'production',
    change: { postgres: { cluster: { enabled: true } } },
  },
  { name: 'controller', of: 'production', change: { ingress: { mode: 'controller', tls: { issuer: 'letsencrypt' } } } },
  {
    name: 'gateway',
    of: 'production',
    change: {
      ingress: {
        mode: 'gateway',
        tls: { secretName: '' },
        gateway: { parentRefs: [{ name: 'gateway', namespace: 'gateways' }] },
      },
    },
  },
  { name: 'no ingress', of: 'production', change: { ingress: { mode: 'off' } } },
  {
    name: 'edge by load balancer, with a certificate of cert-manager',
    of: 'production',
    change: {
      ingress: { tls: { issuer: 'letsencrypt' } },
      edge: {
        service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] },
        proxyProtocol: true,
        trustedProxies: ['192.0.2.0/24'],
      },
    },
  },
  {
    name: 'ServiceMonitor',
    of: 'production',
    change: { monitoring: { podMonitor: { enabled: false }, serviceMonitor: { enabled: true } } },
  },
  {
    name: 'nothing watched',
    of: 'production',
    change: { monitoring: { enabled: false }, autoscaling: { mode: 'off' } },
  },
  { name: 'scaled by processor time', of: 'production', change: { autoscaling: { mode: 'resource' } } },
  {
    name: 'KEDA with credentials',
    of: 'production',
    change: {
      autoscaling: {
        prometheus: { authentication: { modes: ['bearer'], secret: 'prometheus', keys: { bearerToken: 'token' } } },
      },
    },
  },
  { name: 'no NetworkPolicies', of: 'production', change: { networkPolicy: { enabled: false } } },
  {
    name: 'placed',
    of: 'production',
    change: {
      fullnameOverride: 'booking',
      imagePullSecrets: [{ name: 'registry' }],
      web: placed,
      edge: placedEdge,
      worker: placed,
      migrations: placed,
    },
  },
];
