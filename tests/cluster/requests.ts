import type { Cluster } from './cluster.ts';

const COUNT = /^innkeeper_request_duration_seconds_count\{[^}]*\} (\d+)/gm;

/** How many calls each pod has answered so far. */
export const answeredBy = async (cluster: Cluster, pods: readonly string[]): Promise<Map<string, number>> => {
  const answered = new Map<string, number>();
  for (const pod of pods) {
    const metrics = await cluster.get(pod, 9464, '/metrics');
    answered.set(
      pod,
      [...metrics.matchAll(COUNT)].reduce((sum, [, count]) => sum + Number(count), 0),
    );
  }
  return answered;
};
