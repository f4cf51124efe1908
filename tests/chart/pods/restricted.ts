import { ofContainers, ofContexts, othersThan } from './fields.ts';
import { containersOf, type Pod, type SharedContext } from './pod.ts';
import type { Control } from './pod-security.ts';

const VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
];

/** What containers are held to by their own field, or by the pod's where they have none. */
const inForce = <T>(pod: Pod, path: string, get: (context: SharedContext) => T | undefined) =>
  ofContainers(
    pod,
    `securityContext.${path}`,
    ({ securityContext }) => get(securityContext) ?? get(pod.spec.securityContext),
  );

/** The controls that the policy "restricted" adds to "baseline", or makes stricter. */
export const restricted: Control[] = [
  {
    title: 'Volume Types',
    faults: ({ spec }) =>
      spec.volumes.flatMap(({ name, ...source }) =>
        othersThan(
          VOLUMES,
          Object.keys(source).map((type) => ({ path: `volume ${name}`, value: type })),
        ),
      ),
  },
  {
    title: 'Privilege Escalation',
    faults: (pod) =>
      othersThan(
        [false],
        ofContainers(
          pod,
          'securityContext.allowPrivilegeEscalation',
          ({ securityContext }) => securityContext.allowPrivilegeEscalation,
        ),
      ),
  },
  {
    title: 'Running as Non-root',
    faults: (pod) =>
      othersThan(
        [true],
        inForce(pod, 'runAsNonRoot', ({ runAsNonRoot }) => runAsNonRoot),
      ),
  },
  {
    title: 'Running as Non-root user',
    faults: (pod) =>
      ofContexts(pod, 'runAsUser', ({ runAsUser }) => runAsUser)
        .filter(({ value }) => value === 0)
        .map(({ path }) => `${path} is 0`),
  },
  {
    title: 'Seccomp',
    faults: (pod) => [
      ...othersThan(
        ['RuntimeDefault', 'Localhost'],
        inForce(pod, 'seccompProfile.type', ({ seccompProfile }) => seccompProfile?.type),
      ),
      ...othersThan(
        [undefined, 'RuntimeDefault', 'Localhost'],
        [{ path: 'securityContext.seccompProfile.type', value: pod.spec.securityContext.seccompProfile?.type }],
      ),
    ],
  },
  {
    title: 'Capabilities',
    faults: (pod) =>
      containersOf(pod).flatMap(({ name, securityContext: { capabilities } }) => [
        ...(capabilities?.drop.includes('ALL')
          ? []
          : [`container ${name}: securityContext.capabilities.drop lacks ALL`]),
        ...othersThan(
          ['NET_BIND_SERVICE'],
          (capabilities?.add ?? []).map((value) => ({
            path: `container ${name}: securityContext.capabilities.add`,
            value,
          })),
        ),
      ]),
  },
];
