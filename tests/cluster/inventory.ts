import { z } from 'zod';
import { type Cluster, TEST_LABEL } from './cluster.ts';

/** What the cluster itself makes and forgets. */
const PASSING = /^(events?|leases?|endpoints|endpointslices|podmetrics|bindings|localsubjectaccessreviews)(\.|$)/;

const objectsSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
    }),
  ),
});

/** Every object of the namespace, as `Kind/name`, but the test's own. */
export const objectsOf = async (cluster: Cluster): Promise<string[]> => {
  const listed = await cluster.kubectl(['api-resources', '--namespaced', '--verbs=list', '--output', 'name']);
  const kinds = listed.split('\n').filter((kind) => kind && !PASSING.test(kind));
  const { items } = objectsSchema.parse(
    JSON.parse(await cluster.kubectl(['get', kinds.join(','), '--output', 'json'])),
  );
  return items
    .filter(({ metadata }) => !metadata.labels?.[TEST_LABEL])
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .sort();
};
