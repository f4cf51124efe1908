import { type ManifestObject, objectsIn } from '../../chart/rendering/manifest.ts';

/** A Deployment that keeps to every rule. */
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: innkeeper-web
  labels: &labels
    app.kubernetes.io/name: innkeeper
    app.kubernetes.io/instance: innkeeper
    app.kubernetes.io/component: web
    app.kubernetes.io/version: 0.1.0
    app.kubernetes.io/part-of: innkeeper
    app.kubernetes.io/managed-by: Helm
    helm.sh/chart: innkeeper-0.1.0
spec:
  selector: { matchLabels: { app.kubernetes.io/name: innkeeper, app.kubernetes.io/component: web } }
  template:
    metadata: { labels: *labels, annotations: {} }
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: RuntimeDefault } }
      initContainers: []
      containers:
        - name: web
          env: [{ name: PORT, value: '3000' }]
          ports: [{ name: http, containerPort: 3000 }]
          readinessProbe: { httpGet: { port: http, path: /readyz } }
          resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { memory: 1Gi } }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
      volumes: [{ name: tmp, emptyDir: {} }]
`;

/** That Deployment with the value at a path set, or taken away with undefined; and further objects. */
export const deploymentWith = (
  path: readonly (string | number)[] = [],
  value?: unknown,
  more = '',
): ManifestObject[] => {
  const [deployment, ...others] = objectsIn(`${DEPLOYMENT}\n---\n${more}`);
  if (!deployment) throw new Error('no Deployment');
  const last = path.at(-1);
  if (last !== undefined) {
    const holder = path.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(Object(at), key), deployment);
    if (value === undefined) Reflect.deleteProperty(Object(holder), last);
    else Reflect.set(Object(holder), last, value);
  }
  return [deployment, ...others];
};

/** The path of a field of the pod, or of its only container. */
export const inPod = (...path: (string | number)[]) => ['spec', 'template', ...path];
export const inContainer = (...path: (string | number)[]) => inPod('spec', 'containers', 0, ...path);
