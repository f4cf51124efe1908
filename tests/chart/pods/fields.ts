import { type Container, containersOf, type Pod, type SharedContext } from './pod.ts';

/** A field's value, and where it stands. */
export interface Field<T> {
  path: string;
  value: T;
}

export const ofContainers = <T>(pod: Pod, path: string, get: (container: Container) => T): Field<T>[] =>
  containersOf(pod).map((container) => ({ path: `container ${container.name}: ${path}`, value: get(container) }));

/** A field that the security contexts of pod and containers both have. */
export const ofContexts = <T>(pod: Pod, path: string, get: (context: SharedContext) => T): Field<T>[] => [
  { path: `securityContext.${path}`, value: get(pod.spec.securityContext) },
  ...ofContainers(pod, `securityContext.${path}`, ({ securityContext }) => get(securityContext)),
];

/** A line for each field whose value is not among those allowed. */
export const othersThan = <T>(allowed: readonly T[], fields: readonly Field<T>[]): string[] =>
  fields
    .filter(({ value }) => !allowed.includes(value))
    .map(({ path, value }) => `${path} is ${JSON.stringify(value) ?? 'not set'}`);
