import { expect, test } from 'vitest';
import { podOf } from '../../chart/pods/pod.ts';
import { podSecurityFaults } from '../../chart/pods/pod-security.ts';
import { deploymentWith, inContainer, inPod } from './deployment.ts';

const faultsWith = (path?: readonly (string | number)[], value?: unknown): string[] => {
  const [deployment] = deploymentWith(path, value);
  const pod = deployment && podOf(deployment);
  return pod ? podSecurityFaults(pod) : ['no pod'];
};

test('a pod that keeps to the policy has no faults', () => {
  expect(faultsWith()).toEqual([]);
});

const context = (...path: string[]) => inPod('spec', 'securityContext', ...path);
const ofContainer = (...path: string[]) => inContainer('securityContext', ...path);

test.for<[title: string, path: (string | number)[], value: unknown]>([
  ['HostProcess', context('windowsOptions'), { hostProcess: true }],
  ['HostProcess', ofContainer('windowsOptions'), { hostProcess: true }],
  ['Host Namespaces', inPod('spec', 'hostNetwork'), true],
  ['Host Namespaces', inPod('spec', 'hostPID'), true],
  ['Host Namespaces', inPod('spec', 'hostIPC'), true],
  ['Privileged Containers', ofContainer('privileged'), true],
  ['Host Ports', inContainer('ports', 0, 'hostPort'), 80],
  ['Host Probes / Lifecycle Hooks', inContainer('readinessProbe', 'httpGet', 'host'), '127.0.0.1'],
  ['Host Probes / Lifecycle Hooks', inContainer('livenessProbe'), { tcpSocket: { port: 1, host: 'elsewhere' } }],
  ['Host Probes / Lifecycle Hooks', inContainer('lifecycle'), { preStop: { httpGet: { port: 1, host: 'x' } } }],
  ['AppArmor', context('appArmorProfile'), { type: 'Unconfined' }],
  ['AppArmor', ofContainer('appArmorProfile'), { type: 'Unconfined' }],
  ['AppArmor', inPod('metadata', 'annotations', 'container.apparmor.security.beta.kubernetes.io/web'), 'unconfined'],
  ['SELinux', context('seLinuxOptions'), { type: 'spc_t' }],
  ['SELinux', ofContainer('seLinuxOptions'), { user: 'system_u' }],
  ['SELinux', ofContainer('seLinuxOptions'), { role: 'system_r' }],
  ['/proc Mount Type', ofContainer('procMount'), 'Unmasked'],
  ['Sysctls', context('sysctls'), [{ name: 'kernel.msgmax', value: '1' }]],
  ['Volume Types', inPod('spec', 'volumes', 0), { name: 'host', hostPath: { path: '/' } }],
  ['Privilege Escalation', ofContainer('allowPrivilegeEscalation'), undefined],
  ['Privilege Escalation', ofContainer('allowPrivilegeEscalation'), true],
  ['Running as Non-root', context('runAsNonRoot'), undefined],
  ['Running as Non-root', ofContainer('runAsNonRoot'), false],
  ['Running as Non-root user', context('runAsUser'), 0],
  ['Running as Non-root user', ofContainer('runAsUser'), 0],
  ['Seccomp', context('seccompProfile'), undefined],
  ['Seccomp', ofContainer('seccompProfile'), { type: 'Unconfined' }],
  ['Capabilities', ofContainer('capabilities'), undefined],
  ['Capabilities', ofContainer('capabilities', 'drop'), ['NET_RAW']],
  ['Capabilities', ofContainer('capabilities', 'add'), ['SYS_ADMIN']],
])('%s: %j as %j is refused, and nothing else', ([title, path, value]) => {
  expect(faultsWith(path, value)).toEqual([expect.stringMatching(new RegExp(`^${title}: `))]);
});

test('init containers are held to it too', () => {
  expect(faultsWith(inPod('spec', 'initContainers'), [{ name: 'prepare' }])).toEqual([
    expect.stringMatching(/^Privilege Escalation: container prepare/),
    expect.stringMatching(/^Capabilities: container prepare/),
  ]);
});

test.for<[path: (string | number)[], value: unknown]>([
  [ofContainer('capabilities', 'add'), ['NET_BIND_SERVICE']],
  [context('sysctls'), [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]],
  [context('appArmorProfile'), { type: 'RuntimeDefault' }],
])('%j may be %j', ([path, value]) => {
  expect(faultsWith(path, value)).toEqual([]);
});

test('a container may say for itself what the pod does not', () => {
  const [deployment] = deploymentWith(context('runAsNonRoot'));
  const [itself] = deploymentWith(ofContainer('runAsNonRoot'), true);
  const pods = [deployment, itself].map((object) => object && podOf(object));
  expect(pods.map((pod) => pod && podSecurityFaults(pod))).toEqual([[expect.stringContaining('not set')], []]);
});
