import { stringify } from 'yaml';
import { z } from 'zod';
import { type Cluster, TEST_LABEL } from './cluster.ts';
import { run } from './command.ts';
import { NAMES } from './images/make.ts';
import { CHART } from './release.ts';

const NAME = 'prometheus';
/** Beyond what statements take where the test makes them late, and below what they take in its brown-out. */
export const SLOW_SECONDS = 0.3;
const LABELS = { [TEST_LABEL]: 'true', 'app.kubernetes.io/name': NAME };

/** As the PodMonitor says it, for a Prometheus without its operator. */
const settings = (namespace: string) => ({
  global: { scrape_interval: '5s', evaluation_interval: '15s' },
  rule_files: ['/etc/prometheus/rules.yaml'],
  scrape_configs: [
    {
      job_name: 'innkeeper',
      kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }],
      relabel_configs: [
        { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'admin', action: 'keep' },
        {
          source_labels: [
            '__meta_kubernetes_pod_label_app_kubernetes_io_instance',
            '__meta_kubernetes_pod_label_app_kubernetes_io_component',
          ],
          separator: '-innkeeper-',
          target_label: 'job',
        },
        { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ],
    },
  ],
});

/** The rules that the chart gives to the Prometheus operator. */
const rules = async (): Promise<string> => {
  const thresholds = { databaseSlowSeconds: SLOW_SECONDS };
  const values = stringify({ demo: { enabled: true }, monitoring: { rules: { thresholds } } });
  const only = ['--show-only', 'templates/monitoring/rules.yaml', '--values', '-'];
  const object = await run('helm', ['template', 'any', CHART, ...only], { input: values });
  const [, groups] = /^spec:\n([\s\S]*)/m.exec(object) ?? [];
  if (!groups) throw new Error('The chart rendered no rules.');
  return groups.replaceAll(/^ {2}/gm, '');
};

/** A Prometheus that scrapes the release's pods and records what its autoscalers ask for. */
export const prometheusObjects = async (namespace: string): Promise<object[]> => {
  const metadata = { name: NAME, labels: LABELS };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'prometheus.yaml': stringify(settings(namespace)), 'rules.yaml': await rules() },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: LABELS, ports: [{ name: 'http', port: 9090 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            serviceAccountName: NAME,
            securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: NAME,
                image: NAMES.prometheus,
                imagePullPolicy: 'IfNotPresent',
                command: [
                  'prometheus',
                  '--config.file=/etc/prometheus/prometheus.yaml',
                  '--storage.tsdb.path=/data',
                  '--web.listen-address=:9090',
                ],
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  readOnlyRootFilesystem: true,
                },
                readinessProbe: { httpGet: { path: '/-/ready', port: 9090 }, periodSeconds: 2 },
                resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '512Mi' } },
                volumeMounts: [
                  { name: 'settings', mountPath: '/etc/prometheus' },
                  { name: 'data', mountPath: '/data' },
                ],
              },
            ],
            volumes: [
              { name: 'settings', configMap: { name: NAME } },
              { name: 'data', emptyDir: {} },
            ],
          },
        },
      },
    },
  ];
};

const answerSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** What an expression is now; null where there is nothing, or more than one thing. */
export const answerOf = async ({ namespace, kubectl }: Cluster, expression: string): Promise<number | null> => {
  const path = `/api/v1/namespaces/${namespace}/services/${NAME}:9090/proxy/api/v1/query?query=${encodeURIComponent(expression)}`;
  const { result } = answerSchema.parse(JSON.parse(await kubectl(['get', '--raw', path]))).data;
  const [only] = result;
  return only && result.length === 1 ? Number(only.value[1]) : null;
};
