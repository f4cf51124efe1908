import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type CommandOptions, run } from './command.ts';

const LOOK_EVERY_MS = 500;

/** What marks objects of the test that are no part of the release. */
export const TEST_LABEL = 'innkeeper.dev/cluster-test';

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.object({
    phase: z.string(),
    podIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
    containerStatuses: z.array(z.object({ restartCount: z.number() })).optional(),
  }),
});
const podsSchema = z.object({ items: z.array(podSchema) });

export interface Pod {
  name: string;
  labels: Record<string, string>;
  ready: boolean;
  leaving: boolean;
  restarts: number;
}

export const isReady = ({ ready, leaving }: Pod): boolean => ready && !leaving;

/** One namespace of the cluster that KUBECONFIG names. */
export interface Cluster {
  namespace: string;
  kubectl(args: readonly string[], options?: CommandOptions): Promise<string>;
  apply(objects: readonly object[]): Promise<void>;
  /** Pods with these labels, as `a=b,c=d`. */
  pods(selector: string): Promise<Pod[]>;
  /** What a pod answers to GET, by way of the API server. */
  get(pod: string, port: number, path: string): Promise<string>;
  /** Asks again and again until the answer is not null; throws, naming `what`, after so many seconds. */
  until<T>(what: string, seconds: number, ask: () => Promise<T | null>): Promise<T>;
}

export const openCluster = (namespace: string, signal: AbortSignal): Cluster => {
  const kubectl: Cluster['kubectl'] = (args, options = {}) =>
    run('kubectl', ['--namespace', namespace, ...args], { signal, ...options });
  return {
    namespace,
    kubectl,
    async apply(objects) {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await kubectl(['apply', '--server-side', '--filename', '-'], { input: JSON.stringify(list) });
    },
    async pods(selector) {
      const answer = podsSchema.parse(
        JSON.parse(await kubectl(['get', 'pods', '--selector', selector, '--output', 'json'])),
      );
      return answer.items.map(({ metadata, status }) => ({
        name: metadata.name,
        labels: metadata.labels ?? {},
        ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
        leaving: metadata.deletionTimestamp !== undefined,
        restarts: status.containerStatuses?.reduce((sum, one) => sum + one.restartCount, 0) ?? 0,
      }));
    },
    get: (pod, port, path) =>
      kubectl(['get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`]),
    async until(what, seconds, ask) {
      const over = performance.now() + seconds * 1_000;
      for (;;) {
        const answer = await ask();
        if (answer !== null) return answer;
        if (performance.now() > over) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
        await delay(LOOK_EVERY_MS, undefined, { signal });
      }
    },
  };
};
