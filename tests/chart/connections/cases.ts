import type { Values } from '../rendering/helm.ts';
import { clusterPods } from './places.ts';
import type { Place } from './semantics.ts';

export interface Case {
  name: string;
  values: Values;
  /** Pods that others make for the release. */
  made?: readonly Place[];
}

const existing = { secrets: { existing: 'innkeeper' } };

/** What the chart's policies are computed for. */
export const cases: readonly Case[] = [
  { name: 'default', values: existing },
  { name: 'demo', values: { demo: { enabled: true } } },
  {
    name: 'postgres.cluster',
    values: { ...existing, postgres: { cluster: { enabled: true, pooler: { enabled: true } } } },
    made: clusterPods,
  },
  { name: 'controller', values: { ...existing, ingress: { mode: 'controller', host: 'booking.example.com' } } },
  {
    name: 'gateway',
    values: {
      ...existing,
      ingress: { mode: 'gateway', gateway: { parentRefs: [{ name: 'public', namespace: 'gateways' }] } },
    },
  },
  {
    name: 'narrowed, with TLS and traces',
    values: {
      secrets: {
        values: {
          DATABASE_URL: 'postgres://app:secret@10.20.30.40:6432/innkeeper',
          DATA_KEY: 'only-for-tests-0123456789-abcdefghij',
          AUTH_SECRET: 'only-for-tests-abcdefghij-0123456789',
        },
      },
      ingress: { tls: { secretName: 'certificate' } },
      config: { PROMETHEUS_URL: 'http://prometheus.monitoring:9090' },
      web: { extraEnv: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector:4318' }] },
      networkPolicy: {
        clients: [{ ipBlock: { cidr: '203.0.113.0/24' } }],
        prometheus: [],
        postgres: { to: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [6432] },
        collector: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } } }],
        webhooks: { ports: [443, 8443] },
        extra: { worker: { egress: [{ to: [{ ipBlock: { cidr: '10.20.30.40/32' } }], ports: [{ port: 443 }] }] } },
      },
    },
  },
];
