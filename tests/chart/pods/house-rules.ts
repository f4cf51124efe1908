import { ofContainers, othersThan } from './fields.ts';
import { containersOf, type Pod } from './pod.ts';

const twice = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

/** What every pod of the chart keeps to beyond Pod Security. */
export const houseRuleFaults = (pod: Pod): string[] => [
  ...containersOf(pod).flatMap(({ name, resources: { requests, limits } }) => [
    ...['cpu', 'memory']
      .filter((resource) => requests[resource] === undefined)
      .map((it) => `container ${name}: no ${it} request`),
    ...(limits.memory === undefined ? [`container ${name}: no memory limit`] : []),
  ]),
  ...othersThan(
    [true],
    ofContainers(
      pod,
      'securityContext.readOnlyRootFilesystem',
      ({ securityContext }) => securityContext.readOnlyRootFilesystem,
    ),
  ),
  ...(['automountServiceAccountToken', 'enableServiceLinks'] as const).flatMap((path) =>
    othersThan([false], [{ path, value: pod.spec[path] }]),
  ),
  // A server-side apply takes a list with the same name twice for a fault.
  ...containersOf(pod).flatMap(({ name, env }) =>
    twice(env.map((variable) => variable.name)).map((variable) => `container ${name}: env has ${variable} twice`),
  ),
];
