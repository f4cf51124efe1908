import type { Place, Port } from './semantics.ts';

/** The namespace that the chart is rendered for. */
export const HOME = 'innkeeper';

const pod = (name: string, namespace: string, labels: Record<string, string>): Place => ({ name, namespace, labels });

/** Who there is beside the release. */
export const others: readonly Place[] = [
  { name: 'the internet', address: '203.0.113.7' },
  { name: 'the internet (IPv6)', address: '2600::7' },
  { name: 'a private network', address: '10.20.30.40' },
  { name: 'cloud metadata', address: '169.254.169.254' },
  { name: 'NodeLocal DNSCache', address: '169.254.20.10' },
  pod('DNS', 'kube-system', { 'k8s-app': 'kube-dns' }),
  pod('Prometheus', 'monitoring', { 'app.kubernetes.io/name': 'prometheus' }),
  pod('another pod here', HOME, { app: 'other' }),
  pod('another release here', HOME, {
    'app.kubernetes.io/name': 'innkeeper',
    'app.kubernetes.io/instance': 'other',
    'app.kubernetes.io/component': 'web',
  }),
  pod('another cluster here', HOME, { 'cnpg.io/cluster': 'other' }),
  pod('a pod elsewhere', 'elsewhere', { app: 'other' }),
  pod('nginx-ingress', 'nginx-ingress', { 'app.kubernetes.io/name': 'nginx-ingress' }),
  pod('the Gateway', 'gateways', { 'gateway.networking.k8s.io/gateway-name': 'public' }),
  pod('another Gateway', 'gateways', { 'gateway.networking.k8s.io/gateway-name': 'internal' }),
  pod('the operator of PostgreSQL', 'cnpg-system', { 'app.kubernetes.io/name': 'cloudnative-pg' }),
];

const release = { 'app.kubernetes.io/name': 'innkeeper', 'app.kubernetes.io/instance': 'innkeeper' };

/** A pod of the release for which no policy was made. */
export const forgotten = pod('a forgotten pod', HOME, { ...release, 'app.kubernetes.io/component': 'forgotten' });

/** Pods that CloudNativePG makes for the release. */
export const clusterPods: readonly Place[] = [
  pod('primary', HOME, { 'cnpg.io/cluster': 'innkeeper-postgres' }),
  pod('replica', HOME, { 'cnpg.io/cluster': 'innkeeper-postgres' }),
  pod('pooler', HOME, {
    'cnpg.io/poolerName': 'innkeeper-postgres-pooler-rw',
    ...release,
    'app.kubernetes.io/component': 'postgres',
  }),
];

const NUMBERS = [53, 80, 443, 3000, 4318, 5432, 6379, 6432, 8000, 8080, 8081, 8443, 9090, 9127, 9187, 9464, 26379];

/** Ports that anybody may be found on, and one that nobody is. */
export const ports: readonly Port[] = [
  { number: 53, protocol: 'UDP' },
  ...[...NUMBERS, 60_000].map((number): Port => ({ number, protocol: 'TCP' })),
];
