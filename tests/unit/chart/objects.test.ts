import { expect, test } from 'vitest';
import { labelFaults } from '../../chart/objects/labels.ts';
import { nameFaults } from '../../chart/objects/names.ts';
import { scalerFaults } from '../../chart/objects/scalers.ts';
import { selectorFaults } from '../../chart/objects/selectors.ts';
import { sizeFaults } from '../../chart/objects/sizes.ts';
import { houseRuleFaults } from '../../chart/pods/house-rules.ts';
import { podOf } from '../../chart/pods/pod.ts';
import { deploymentWith, inContainer, inPod } from './deployment.ts';

const faultsWith = (...change: Parameters<typeof deploymentWith>): string[] => {
  const objects = deploymentWith(...change);
  return [
    ...objects.flatMap((object) => podOf(object) ?? []).flatMap(houseRuleFaults),
    ...[labelFaults, nameFaults, scalerFaults, selectorFaults, sizeFaults].flatMap((faultsOf) => faultsOf(objects)),
  ];
};

test('what keeps to all rules has no faults', () => {
  expect(faultsWith()).toEqual([]);
});

test.for<[fault: string, path: (string | number)[], value: unknown]>([
  ['container web: no cpu request', inContainer('resources', 'requests', 'cpu'), undefined],
  ['container web: no memory request', inContainer('resources', 'requests', 'memory'), undefined],
  ['container web: no memory limit', inContainer('resources', 'limits'), {}],
  ['container web: env has PORT twice', inContainer('env'), [{ name: 'PORT' }, { name: 'PORT' }]],
  ['automountServiceAccountToken is not set', inPod('spec', 'automountServiceAccountToken'), undefined],
  ['enableServiceLinks is true', inPod('spec', 'enableServiceLinks'), true],
  [
    'container web: securityContext.readOnlyRootFilesystem is not set',
    inContainer('securityContext', 'readOnlyRootFilesystem'),
    undefined,
  ],
  ['Deployment/web has no innkeeper in its name', ['metadata', 'name'], 'web'],
  ['Deployment/innkeeper-web names a namespace', ['metadata', 'namespace'], 'default'],
  ['Deployment/innkeeper-web has no label helm.sh/chart', ['metadata', 'labels', 'helm.sh/chart'], undefined],
  [
    'Deployment/innkeeper-web makes pods without the label app.kubernetes.io/instance',
    inPod('metadata', 'labels', 'app.kubernetes.io/instance'),
    '',
  ],
  [
    'Deployment/innkeeper-web does not find its own pods',
    ['spec', 'selector', 'matchLabels', 'app.kubernetes.io/component'],
    'worker',
  ],
])('%s', ([fault, path, value]) => {
  expect(faultsWith(path, value)).toEqual([fault]);
});

const labelled = (kind: string, name: string, rest: string): string => `
apiVersion: v1
kind: ${kind}
metadata:
  name: ${name}
  labels: { app.kubernetes.io/name: a, app.kubernetes.io/instance: a, app.kubernetes.io/component: a,
    app.kubernetes.io/version: a, app.kubernetes.io/part-of: a, app.kubernetes.io/managed-by: a, helm.sh/chart: a }
${rest}`;

test.for<[fault: string, more: string]>([
  [
    'Deployment/innkeeper-web has spec.replicas 2 beside ScaledObject/innkeeper',
    labelled('ScaledObject', 'innkeeper', 'spec: { scaleTargetRef: { name: innkeeper-web } }'),
  ],
  [
    'HorizontalPodAutoscaler/innkeeper scales StatefulSet/innkeeper, which is not there',
    labelled(
      'HorizontalPodAutoscaler',
      'innkeeper',
      'spec: { scaleTargetRef: { kind: StatefulSet, name: innkeeper } }',
    ),
  ],
  ['Service/innkeeper finds no pods', labelled('Service', 'innkeeper', 'spec: { selector: { component: none } }')],
  ['ConfigMap/innkeeper has 262', labelled('ConfigMap', 'innkeeper', `data: { page: ${'x'.repeat(262_000)} }`)],
])('%s', ([fault, more]) => {
  expect(faultsWith(['spec', 'replicas'], 2, more)).toEqual([expect.stringContaining(fault)]);
});

test('one name for two objects of a kind is seen', () => {
  const twins = ['', ''].map(() => labelled('ConfigMap', 'innkeeper', '')).join('\n---\n');
  expect(faultsWith([], undefined, twins)).toEqual(['ConfigMap/innkeeper is there twice']);
});
