import { setTimeout as delay } from 'node:timers/promises';
import { type Caller, startCaller, type Told } from '../caller.ts';
import { evictAll, settled } from '../eviction.ts';
import { openHotel, readsOf } from '../hotel.ts';
import { type Change, FULLNAME } from '../release.ts';
import type { Stage, Surroundings } from '../stage.ts';
import { BASE, UPGRADED } from '../values.ts';

const NO_RETRIES: Change = {
  file: 'templates/edge/_api.tpl',
  from: 'proxy_next_upstream error timeout;',
  to: 'proxy_next_upstream off;',
};
const STANDBY = `${FULLNAME}-demo-postgres-standby`;
const VALKEY = `${FULLNAME}-demo-valkey`;
const WEB = 'app.kubernetes.io/component=web';
const EDGE = 'app.kubernetes.io/component=edge';
const WITHOUT_MS = 30_000;

const failedOf = ({ read, write, failures }: Told): string =>
  [
    `${read.failed} of ${read.ok + read.failed} reads, ${write.failed} of ${write.ok + write.failed} writes`,
    ...failures.slice(0, 3),
  ].join('; ');

/** Processes of the pod see each other then, so that one can stop the server from outside of it. */
const openStandby = async ({ cluster }: Surroundings): Promise<void> => {
  const shared = JSON.stringify({ spec: { template: { spec: { shareProcessNamespace: true } } } });
  await cluster.kubectl(['patch', 'statefulset', STANDBY, '--patch', shared]);
  await cluster.kubectl(['rollout', 'status', `statefulset/${STANDBY}`, '--timeout=120s']);
};

const signalStandby = ({ cluster }: Surroundings, name: 'STOP' | 'CONT') =>
  cluster.kubectl(['exec', `${STANDBY}-0`, '--container', 'postgres', '--', 'sh', '-c', `kill -${name} -1`]);

const whileRunning = async (
  { cluster }: Surroundings,
  name: string,
  orders: Parameters<typeof startCaller>[2],
  work: (caller: Caller) => Promise<void>,
): Promise<Told> => {
  const caller = await startCaller(cluster, name, orders);
  await work(caller);
  const told = await caller.stop();
  await caller.remove();
  return told;
};

/** Nobody notices a new version, a node that is emptied, or the loss of what is only there for speed. */
export const upgrade: Stage = {
  name: 'upgrade',
  async run(surroundings) {
    const { cluster, release, report, signal } = surroundings;
    const hotel = await openHotel(cluster, 'upgraded');
    await release.apply(BASE, [NO_RETRIES]);
    await openStandby(surroundings);
    const orders = { host: `${FULLNAME}-edge`, readers: 6, writers: 4, pauseMs: 40, hotel, reads: readsOf(hotel) };

    const upgraded = await whileRunning(surroundings, 'upgrading', orders, () => release.apply(UPGRADED, [NO_RETRIES]));
    report.check(
      'failed while a new image and a new nginx were rolled out',
      failedOf(upgraded),
      '0',
      upgraded.read.failed + upgraded.write.failed === 0,
    );

    let longest = 0;
    const evicted = await whileRunning(surroundings, 'evicting', orders, async () => {
      const seconds = await Promise.all([WEB, EDGE].map((selector) => evictAll(cluster, selector)));
      longest = Math.max(...seconds.flat());
    });
    report.check(
      'failed while all web and nginx pods were evicted',
      failedOf(evicted),
      '0',
      evicted.read.failed + evicted.write.failed === 0,
    );
    report.check('longest time from eviction to end of a pod', `${longest.toFixed(0)} s`, 'under 60 s', longest < 60);

    const onlyReads = { ...orders, writers: 0 };
    const without = await whileRunning(surroundings, 'without', onlyReads, async () => {
      await signalStandby(surroundings, 'STOP');
      await cluster.kubectl(['scale', 'deployment', VALKEY, '--replicas=0']);
      await delay(WITHOUT_MS, undefined, { signal });
      await signalStandby(surroundings, 'CONT');
      await cluster.kubectl(['scale', 'deployment', VALKEY, '--replicas=1']);
    });
    report.check(
      `failed in ${WITHOUT_MS / 1_000} s without Valkey, the standby stopped`,
      failedOf(without),
      '0 reads',
      without.read.failed === 0,
    );
    await settled(cluster, 'app.kubernetes.io/component in (valkey,postgres)');
  },
};
