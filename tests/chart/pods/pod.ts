import { z } from 'zod';
import type { ManifestObject } from '../rendering/manifest.ts';

const typed = z.looseObject({ type: z.string().optional() });

const seLinux = z.looseObject({
  type: z.string().optional(),
  user: z.string().optional(),
  role: z.string().optional(),
});

const shared = z.looseObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.int().optional(),
  seccompProfile: typed.optional(),
  appArmorProfile: typed.optional(),
  seLinuxOptions: seLinux.optional(),
  windowsOptions: z.looseObject({ hostProcess: z.boolean().optional() }).optional(),
});

/** What the security contexts of pods and containers both have. */
export type SharedContext = z.infer<typeof shared>;

const strings = z.array(z.string()).default([]);

const handler = z.looseObject({
  httpGet: z.looseObject({ host: z.string().optional() }).optional(),
  tcpSocket: z.looseObject({ host: z.string().optional() }).optional(),
});

const container = z.looseObject({
  name: z.string(),
  securityContext: shared
    .extend({
      privileged: z.boolean().optional(),
      allowPrivilegeEscalation: z.boolean().optional(),
      readOnlyRootFilesystem: z.boolean().optional(),
      procMount: z.string().optional(),
      capabilities: z.looseObject({ add: strings, drop: strings }).optional(),
    })
    .default({}),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
  ports: z.array(z.looseObject({ hostPort: z.int().optional() })).default([]),
  resources: z
    .looseObject({
      requests: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      limits: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
    })
    .default({ requests: {}, limits: {} }),
  livenessProbe: handler.optional(),
  readinessProbe: handler.optional(),
  startupProbe: handler.optional(),
  lifecycle: z.looseObject({ postStart: handler.optional(), preStop: handler.optional() }).optional(),
});

const pod = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .default({ labels: {}, annotations: {} }),
  spec: z.looseObject({
    containers: z.array(container).min(1),
    initContainers: z.array(container).default([]),
    ephemeralContainers: z.array(container).default([]),
    securityContext: shared
      .extend({ sysctls: z.array(z.looseObject({ name: z.string() })).default([]) })
      .default({ sysctls: [] }),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    automountServiceAccountToken: z.boolean().optional(),
    enableServiceLinks: z.boolean().optional(),
  }),
});

export type Pod = z.infer<typeof pod>;
export type Container = z.infer<typeof container>;

/** What the chart has pods made from. */
const templateOf: Record<string, (object: ManifestObject) => unknown> = {
  Pod: (object) => object,
  Deployment: (object) => within(object, 'spec', 'template'),
  StatefulSet: (object) => within(object, 'spec', 'template'),
  DaemonSet: (object) => within(object, 'spec', 'template'),
  ReplicaSet: (object) => within(object, 'spec', 'template'),
  Job: (object) => within(object, 'spec', 'template'),
  CronJob: (object) => within(object, 'spec', 'jobTemplate', 'spec', 'template'),
};

const within = (value: unknown, ...path: string[]): unknown =>
  path.reduce((at: unknown, key) => z.looseObject({}).parse(at)[key], value);

/** The pod that an object is or makes; null for one that makes none. */
export const podOf = (object: ManifestObject): Pod | null => {
  const template = templateOf[object.kind]?.(object);
  return template === undefined ? null : pod.parse(template);
};

export const containersOf = ({ spec }: Pod): Container[] => [
  ...spec.initContainers,
  ...spec.containers,
  ...spec.ephemeralContainers,
];
