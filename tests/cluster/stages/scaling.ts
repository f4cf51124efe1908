import { setTimeout as delay } from 'node:timers/promises';
import { type Caller, startCaller } from '../caller.ts';
import type { Cluster } from '../cluster.ts';
import { settled } from '../eviction.ts';
import { openHotel, readsOf } from '../hotel.ts';
import { answerOf, SLOW_SECONDS } from '../prometheus.ts';
import { fullnameOf, openRelease } from '../release.ts';
import { openSlowDatabase, PORTS } from '../slow-database.ts';
import type { Stage, Surroundings } from '../stage.ts';
import { BASE } from '../values.ts';

const NAME = 'scaled';
const FULLNAME = fullnameOf(NAME);
const WEB = `app.kubernetes.io/instance=${NAME},app.kubernetes.io/component=web`;
const LATENCY = `innkeeper:web_latency:p95{job="${FULLNAME}-web"}`;
const SLOW = `innkeeper:database_slow{job="${FULLNAME}-web"}`;
const STATEMENTS = `innkeeper:statement_duration_seconds:mean{job="${FULLNAME}-web"}`;
/**
 * A statement's time, which costs no processor: more pods answer more though they share the machine's. All times here are some ten
 * times as long as they would be where each pod has a processor, so that what else the machine does hardly counts.
 */
const USUAL_MS = 150;
const SLOW_MS = 500;
const TARGET = 0.5;
/** Two pods answer 50 of their calls a second. With the pause of the step, four pods have a little more to do than half of what they can. */
const CLIENTS = 200;
const PAUSE = { calm: 40_000, usual: 8_000, step: 3_500 };
const AT_A_TIME = 4;
const POOL = 5;
const BAR = 60;
const GIVEN_UP = 120;

interface Changes {
  queries?: number;
  pool?: number;
  brake?: boolean;
}

/** Queries may all run, but have few connections. */
const WAITING: Changes = { queries: 100, pool: AT_A_TIME };

/** Few queries at a time in a pod, unless told otherwise. */
const valuesOf = (namespace: string, secrets: object, changes: Changes) => ({
  ...BASE,
  demo: { enabled: false },
  secrets: { values: secrets },
  web: { ...BASE.web, drainSeconds: 10 },
  edge: { ...BASE.edge, replicas: 1 },
  networkPolicy: { postgres: { ports: Object.values(PORTS) } },
  database: { poolSize: changes.pool ?? POOL, maxConnections: 97 },
  config: { MAX_QUERIES: changes.queries ?? AT_A_TIME, CACHE_MB: 16, SEARCH_INDEX: false },
  autoscaling: {
    mode: 'keda',
    min: 2,
    max: 4,
    prometheus: { address: `http://prometheus.${namespace}:9090` },
    latency: { target: TARGET },
    inFlight: { target: 2 },
    worker: { max: 1 },
    brake: changes.brake ?? true,
    scaleDown: { pods: 4, periodSeconds: 15, stabilizationSeconds: 15 },
  },
});

const readyPods = async (cluster: Cluster): Promise<number> =>
  (await cluster.pods(WEB)).filter(({ ready, leaving }) => ready && !leaving).length;

const wantedPods = async ({ kubectl }: Cluster): Promise<number> =>
  Number(await kubectl(['get', 'deployment', `${FULLNAME}-web`, '--output', 'jsonpath={.spec.replicas}']));

/** Seconds until so many pods are ready; null when that took too long. */
const secondsUntil = (cluster: Cluster, wanted: (pods: number) => boolean): Promise<number | null> => {
  const since = performance.now();
  return cluster
    .until('the number of pods', GIVEN_UP, async () => {
      return wanted(await readyPods(cluster)) ? (performance.now() - since) / 1_000 : null;
    })
    .catch(() => null);
};

const told = (seconds: number | null) => (seconds === null ? `not within ${GIVEN_UP} s` : `${seconds.toFixed(0)} s`);

const milliseconds = (seconds: number | null) => (seconds === null ? 'unknown' : `${(seconds * 1_000).toFixed(0)} ms`);

interface Scene extends Surroundings {
  caller: Caller;
  /** Makes the release so. */
  change(changes: Changes): Promise<void>;
  /** The same, and waits until all is calm. */
  bring(changes: Changes): Promise<void>;
}

/** More calls than two pods can answer in time, then few again. */
const stepAndCalm = async ({ cluster, report, caller }: Scene): Promise<void> => {
  await caller.pace(PAUSE.step);
  const up = await secondsUntil(cluster, (pods) => pods === 4);
  report.check('from the step to four ready pods', told(up), `${BAR} s at most`, up !== null && up <= BAR);
  const served = await cluster.until('calls to be answered in time', GIVEN_UP, async () => {
    const p95 = await answerOf(cluster, LATENCY);
    return p95 !== null && p95 < TARGET / 2 ? p95 : null;
  });
  report.check('p95 with four pods', milliseconds(served), `under ${milliseconds(TARGET)}`, served < TARGET);
  await caller.pace(PAUSE.calm);
  const down = await secondsUntil(cluster, (pods) => pods === 2);
  report.check('from the calm to two pods', told(down), `${BAR} s at most`, down !== null && down <= BAR);
};

/** Calls wait for a connection, while the database is as quick as ever. */
const poolWaiting = async ({ cluster, report, caller, bring }: Scene): Promise<void> => {
  await bring(WAITING);
  await caller.pace(PAUSE.step);
  const up = await secondsUntil(cluster, (pods) => pods === 4);
  const statements = await answerOf(cluster, STATEMENTS);
  report.check(
    'statements while calls waited for connections',
    milliseconds(statements),
    `under ${milliseconds(SLOW_SECONDS)}`,
    statements !== null && statements < SLOW_SECONDS,
  );
  report.check(
    'to four ready pods, calls waiting for connections',
    told(up),
    `${BAR} s at most`,
    up !== null && up <= BAR,
  );
  await caller.pace(PAUSE.calm);
};

/** The database itself is slow: more pods would only ask it for more. */
const brownOut = async (
  { cluster, report, caller, change, signal }: Scene,
  slowDown: () => Promise<void>,
): Promise<void> => {
  await caller.pace(PAUSE.usual);
  await cluster.until('two pods that do for what is asked', 2 * GIVEN_UP, async () => {
    const p95 = await answerOf(cluster, LATENCY);
    return (await readyPods(cluster)) === 2 && p95 !== null && p95 < TARGET ? true : null;
  });
  await slowDown();
  await cluster.until('late answers', GIVEN_UP, async () => ((await answerOf(cluster, LATENCY)) ?? 0) > TARGET || null);
  const seen = new Set<number>();
  let latest: number | null = null;
  for (let round = 0; round < 4; round++) {
    await delay(15_000, undefined, { signal });
    seen.add(await wantedPods(cluster));
    latest = await answerOf(cluster, LATENCY);
    report.check(
      `p95 in round ${round + 1} of the brown-out`,
      milliseconds(latest),
      `over ${milliseconds(TARGET)}`,
      latest !== null && latest > TARGET,
    );
  }
  report.check('pods wanted in these rounds', [...seen].join(', '), '2', seen.size === 1 && seen.has(2));
  await change({ ...WAITING, brake: false });
  const up = await secondsUntil(cluster, (pods) => pods > 2);
  report.check(
    'the same without the brake: to more than two pods',
    told(up),
    `${BAR} s at most`,
    up !== null && up <= BAR,
  );
};

/** Pods follow what is asked of them, at the intervals that KEDA and Kubernetes have by themselves. */
export const scaling: Stage = {
  name: 'scaling',
  async run(surroundings) {
    const { cluster, signal } = surroundings;
    const hotel = await openHotel(cluster, 'scaled');
    const database = await openSlowDatabase(cluster, USUAL_MS);
    const release = openRelease(cluster.namespace, signal, NAME);
    const change = (changes: Changes) => release.apply(valuesOf(cluster.namespace, database.secrets, changes));
    const bring = async (changes: Changes) => {
      await change(changes);
      await settled(cluster, WEB);
      await cluster.until('a database that is not held to be slow', 3 * GIVEN_UP, async () => {
        return (await answerOf(cluster, SLOW)) === 0 || null;
      });
    };
    await bring({});
    const reads = readsOf(hotel);
    const orders = { host: `${FULLNAME}-edge`, readers: CLIENTS, writers: 0, pauseMs: PAUSE.calm, hotel, reads };
    const caller = await startCaller(cluster, 'scaling', orders);
    const scene = { ...surroundings, caller, bring, change };
    await stepAndCalm(scene);
    await poolWaiting(scene);
    await brownOut(scene, () => database.later(SLOW_MS));
    await caller.remove();
    await release.uninstall();
    await database.remove();
  },
};
