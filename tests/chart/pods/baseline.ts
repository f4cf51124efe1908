import { ofContainers, ofContexts, othersThan } from './fields.ts';
import { containersOf, type Pod } from './pod.ts';
import type { Control } from './pod-security.ts';

const SYSCTLS = [
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start'],
  ...['net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_local_reserved_ports'],
  ...['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl'],
  ...['net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
];

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const SELINUX_TYPES = [undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

const handlerHosts = (pod: Pod) =>
  (['livenessProbe', 'readinessProbe', 'startupProbe', 'postStart', 'preStop'] as const).flatMap((name) =>
    (['httpGet', 'tcpSocket'] as const).flatMap((action) =>
      ofContainers(pod, `${name}.${action}.host`, ({ lifecycle, ...container }) => {
        const handler = name === 'postStart' || name === 'preStop' ? lifecycle?.[name] : container[name];
        return handler?.[action]?.host;
      }),
    ),
  );

/** The controls of the policy "baseline" that "restricted" doesn't make stricter. */
export const baseline: Control[] = [
  {
    title: 'HostProcess',
    faults: (pod) =>
      othersThan(
        [undefined, false],
        ofContexts(pod, 'windowsOptions.hostProcess', ({ windowsOptions }) => windowsOptions?.hostProcess),
      ),
  },
  {
    title: 'Host Namespaces',
    faults: ({ spec }) =>
      (['hostNetwork', 'hostPID', 'hostIPC'] as const).flatMap((path) =>
        othersThan([undefined, false], [{ path, value: spec[path] }]),
      ),
  },
  {
    title: 'Privileged Containers',
    faults: (pod) =>
      othersThan(
        [undefined, false],
        ofContainers(pod, 'securityContext.privileged', ({ securityContext }) => securityContext.privileged),
      ),
  },
  {
    title: 'Host Ports',
    faults: (pod) =>
      containersOf(pod).flatMap(({ name, ports }) =>
        othersThan(
          [undefined, 0],
          ports.map(({ hostPort }) => ({ path: `container ${name}: hostPort`, value: hostPort })),
        ),
      ),
  },
  { title: 'Host Probes / Lifecycle Hooks', faults: (pod) => othersThan([undefined, ''], handlerHosts(pod)) },
  {
    title: 'AppArmor',
    faults: (pod) => [
      ...othersThan(
        [undefined, 'RuntimeDefault', 'Localhost'],
        ofContexts(pod, 'appArmorProfile.type', ({ appArmorProfile }) => appArmorProfile?.type),
      ),
      ...Object.entries(pod.metadata.annotations)
        .filter(
          ([name, value]) => name.startsWith(APP_ARMOR_ANNOTATION) && !/^(runtime\/default|localhost\/.*)$/.test(value),
        )
        .map(([name, value]) => `annotation ${name} is ${JSON.stringify(value)}`),
    ],
  },
  {
    title: 'SELinux',
    faults: (pod) => [
      ...othersThan(
        SELINUX_TYPES,
        ofContexts(pod, 'seLinuxOptions.type', ({ seLinuxOptions }) => seLinuxOptions?.type),
      ),
      ...(['user', 'role'] as const).flatMap((field) =>
        othersThan(
          [undefined, ''],
          ofContexts(pod, `seLinuxOptions.${field}`, ({ seLinuxOptions }) => seLinuxOptions?.[field]),
        ),
      ),
    ],
  },
  {
    title: '/proc Mount Type',
    faults: (pod) =>
      othersThan(
        [undefined, 'Default'],
        ofContainers(pod, 'securityContext.procMount', ({ securityContext }) => securityContext.procMount),
      ),
  },
  {
    title: 'Sysctls',
    faults: ({ spec }) =>
      othersThan(
        SYSCTLS,
        spec.securityContext.sysctls.map(({ name }) => ({ path: 'securityContext.sysctls', value: name })),
      ),
  },
];
