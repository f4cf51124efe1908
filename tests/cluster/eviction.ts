import { type Cluster, isReady, type Pod } from './cluster.ts';

const LATEST_SECONDS = 180;

/** Asks for the pod to be evicted until its disruption budget allows it; answers how many seconds it then took to go. */
const evict = async (cluster: Cluster, pod: string, selector: string): Promise<number> => {
  const path = `/api/v1/namespaces/${cluster.namespace}/pods/${pod}/eviction`;
  const input = JSON.stringify({
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod, namespace: cluster.namespace },
  });
  await cluster.until(`the eviction of ${pod} to be allowed`, LATEST_SECONDS, () =>
    cluster.kubectl(['create', '--raw', path, '--filename', '-'], { input }).then(
      () => true,
      (error: Error) => {
        if (/disruption budget|TooManyRequests/.test(error.message)) return null;
        throw error;
      },
    ),
  );
  const since = performance.now();
  await cluster.until(`${pod} to go`, LATEST_SECONDS, async () => {
    const there = (await cluster.pods(selector)).some(({ name }) => name === pod);
    return there ? null : true;
  });
  return (performance.now() - since) / 1_000;
};

/** Waits until no pod with these labels is on its way out, or in; answers those there are. */
export const settled = (cluster: Cluster, selector: string): Promise<Pod[]> =>
  cluster.until(`the pods ${selector} to settle`, LATEST_SECONDS, async () => {
    const pods = await cluster.pods(selector);
    return pods.every(isReady) ? pods : null;
  });

/** Evicts all pods with these labels, one after the other; answers how long each took to go. */
export const evictAll = async (cluster: Cluster, selector: string): Promise<number[]> => {
  const seconds: number[] = [];
  const pods = await settled(cluster, selector);
  for (const { name } of pods) seconds.push(await evict(cluster, name, selector));
  return seconds;
};
