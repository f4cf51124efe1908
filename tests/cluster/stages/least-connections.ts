import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startCaller } from '../caller.ts';
import { type Cluster, isReady, TEST_LABEL } from '../cluster.ts';
import { type Hotel, openHotel, readsOf } from '../hotel.ts';
import { type Change, FULLNAME } from '../release.ts';
import { answeredBy } from '../requests.ts';
import type { Stage, Surroundings } from '../stage.ts';
import { BASE } from '../values.ts';

const SLOW = 'slow-web';
const IN_FLIGHT = 16;
const CALLS = 4_000;
const WEB = 'app.kubernetes.io/component=web';

const IN_TURNS: Change = { file: 'templates/edge/_upstreams.tpl', from: '  least_conn;\n', to: '' };

const containerSchema = z.looseObject({
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
});
const deploymentSchema = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({ containers: z.tuple([containerSchema]), volumes: z.array(z.looseObject({})) }),
    }),
  }),
});

/** A pod like the release's own, behind the same Services, into which a module is loaded that answers later. */
const addSlowPod = async (cluster: Cluster): Promise<void> => {
  const deployment = await cluster.kubectl(['get', 'deployment', `${FULLNAME}-web`, '--output', 'json']);
  const { selector, template } = deploymentSchema.parse(JSON.parse(deployment)).spec;
  const [container] = template.spec.containers;
  const env = container.env.map((entry) =>
    entry.name === 'NODE_OPTIONS' ? { ...entry, value: `${entry.value} --import /slow/slow.ts` } : entry,
  );
  const { volumeMounts = [], ...rest } = container;
  const mounts = z.array(z.looseObject({})).parse(volumeMounts);
  const slowContainer = { ...rest, env, volumeMounts: [...mounts, { name: 'slow', mountPath: '/slow' }] };
  const own = { [TEST_LABEL]: 'true' };
  const labels = { ...template.metadata.labels, ...own };
  const volumes = [...template.spec.volumes, { name: 'slow', configMap: { name: SLOW } }];
  const module = await readFile(join(import.meta.dirname, '../load/slow.ts'), 'utf8');
  await cluster.apply([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: SLOW, labels: own }, data: { 'slow.ts': module } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: SLOW, labels: own },
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...selector.matchLabels, ...own } },
        template: { metadata: { labels }, spec: { ...template.spec, containers: [slowContainer], volumes } },
      },
    },
  ]);
};

/** Share of the calls that the slow pod answered, in percent. */
const shareOfSlow = async ({ cluster, report }: Surroundings, way: string, hotel: Hotel): Promise<number> => {
  const pods = await cluster.until('three pods behind nginx', 90, async () => {
    const found = (await cluster.pods(WEB)).filter(isReady);
    return found.length === 3 ? found : null;
  });
  const names = pods.map(({ name }) => name);
  const orders = {
    host: `${FULLNAME}-edge`,
    readers: IN_FLIGHT,
    writers: 0,
    calls: CALLS,
    hotel,
    reads: readsOf(hotel),
  };
  // nginx has heard of all three once each of them has answered.
  const before = await answeredBy(cluster, names);
  const first = await startCaller(cluster, `${way}-first`, { ...orders, calls: 0, pauseMs: 100 });
  await cluster.until('calls to each of the three pods', 60, async () => {
    const now = await answeredBy(cluster, names);
    return names.every((name) => (now.get(name) ?? 0) > (before.get(name) ?? 0)) || null;
  });
  await first.stop();
  await first.remove();
  const start = await answeredBy(cluster, names);
  const caller = await startCaller(cluster, way, orders);
  const { read, failures } = await caller.end();
  const after = await answeredBy(cluster, names);
  await caller.remove();
  const answered = pods.map(({ name, labels }) => ({
    slow: TEST_LABEL in labels,
    count: (after.get(name) ?? 0) - (start.get(name) ?? 0),
  }));
  const sum = answered.reduce((total, { count }) => total + count, 0);
  const ofSlow = answered.find(({ slow }) => slow)?.count ?? 0;
  report.check(
    `errors of ${read.ok + read.failed} reads, ${IN_FLIGHT} in flight, ${way}`,
    `${read.failed} ${failures.join('; ')}`.trim(),
    '0',
    read.failed === 0,
  );
  return (100 * ofSlow) / sum;
};

/** Of three pods one answers 200 ms later: nginx is to notice by its open requests. */
export const leastConnections: Stage = {
  name: 'least-connections',
  async run(surroundings) {
    const { cluster, release, report } = surroundings;
    const hotel = await openHotel(cluster, 'balanced');
    await addSlowPod(cluster);
    const least = await shareOfSlow(surroundings, 'least-conn', hotel);
    report.check('share of the slow pod with least_conn', `${least.toFixed(1)} %`, 'under 10 %', least < 10);
    await release.apply(BASE, [IN_TURNS]);
    const inTurns = await shareOfSlow(surroundings, 'in-turns', hotel);
    report.check(
      'share of the slow pod without it',
      `${inTurns.toFixed(1)} %`,
      '28 to 38 %',
      inTurns >= 28 && inTurns <= 38,
    );
    await cluster.kubectl(['delete', `deployment/${SLOW}`, `configmap/${SLOW}`, '--wait=false']);
  },
};
