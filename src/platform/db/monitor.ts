import pg from 'pg';
import { bytesAt } from '../../kernel/consistency-token.ts';
import { connectionTo, locatorOf } from './connection.ts';
import { faultCode, isConnectionLost } from './faults.ts';
import { endPool, type GuardedPool, SERVER_FACTS } from './pools.ts';
import { LSN } from './position.ts';
import type { Replicas, ServerFacts } from './replicas.ts';

export interface MonitorOptions {
  primary: GuardedPool;
  primaryUrl: string;
  replicas: Replicas;
  replicaUrls: readonly string[];
  applicationName: string;
  checkMs: number;
  timeoutMs: number;
  /** A replica further behind is not read from. */
  maxLagMs: number;
  onPrimary: (gone: boolean) => void;
}

interface Sample {
  at: number;
  bytes: number;
}

const MOST_SAMPLES = 600;
const FAILURES_IN_A_ROW = 2;
const SQLSTATE = /^[0-9A-Z]{5}$/;
/** As which a time-out is known. */
const NO_ANSWER = '08006';
/** A time-out that is noticed so much later says more about this process than about the server. */
const LATE_MS = 250;
/** A connection is kept for so many checks: behind one address, the next may come to another server. */
const CHECKS_PER_CONNECTION = 5;
/** A primary that was replaced and does not know answers like any other: where there are other hosts, they are asked so often. */
const CHECKS_PER_REVIEW = 10;

const CHECK = `${SERVER_FACTS}, ${LSN} as lsn`;

interface CheckRow extends ServerFacts {
  lsn: string | null;
}

/** How long ago the primary went beyond this position; 0 when it has not. */
const lagAt = (samples: readonly Sample[], bytes: number, nowMs: number): number => {
  const beyond = samples.find((sample) => sample.bytes > bytes);
  return beyond ? nowMs - beyond.at : 0;
};

/** Asks each server at intervals where it stands: tells how far replicas are behind, and whether the primary is there. */
export const startMonitor = (options: MonitorOptions): { stop(): Promise<void> } => {
  const { primary, replicas, checkMs, timeoutMs, maxLagMs } = options;
  const probe = (url: string) =>
    new pg.Pool({
      ...connectionTo(url),
      max: 1,
      maxUses: CHECKS_PER_CONNECTION,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      application_name: `${options.applicationName}-monitor`,
    }).on('error', () => {});
  const locator = locatorOf(options.primaryUrl);
  const toPrimary = probe(options.primaryUrl);
  const toReplicas = options.replicaUrls.map(probe);
  const failures = new Map<pg.Pool, number>();
  const samples: Sample[] = [];
  let stopped = false;
  let rounds = 0;
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<unknown> = Promise.resolve();

  const check = async (pool: pg.Pool): Promise<CheckRow | null> => {
    const startedAt = performance.now();
    try {
      const { rows } = await pool.query<CheckRow>(CHECK);
      failures.set(pool, 0);
      return rows[0] ?? null;
    } catch (error) {
      const code = faultCode(error);
      const refused = isConnectionLost(code) && code !== NO_ANSWER;
      // What says why it refuses is alive, and so is what answers others.
      const isAlive =
        (code !== null && SQLSTATE.test(code) && !refused && code !== NO_ANSWER) ||
        (pool === toPrimary && primary.answeredSince(startedAt));
      const stuttered = performance.now() - startedAt > timeoutMs + LATE_MS;
      const weight = isAlive || (stuttered && !refused) ? 0 : refused ? FAILURES_IN_A_ROW : 1;
      failures.set(pool, (failures.get(pool) ?? 0) + weight);
      return null;
    }
  };
  const isGone = (pool: pg.Pool) => (failures.get(pool) ?? 0) >= FAILURES_IN_A_ROW;

  const checkPrimary = async (): Promise<boolean> => {
    const row = await check(toPrimary);
    // One that was demoted takes no writes, and nobody watches how far it is behind.
    const gone = row?.recovering === true || isGone(toPrimary);
    if (gone) locator?.doubt();
    if (row && !gone) replicas.primaryIsOn(row.timeline);
    if (gone !== primary.gone) {
      primary.setGone(gone);
      options.onPrimary(gone);
    }
    if (row?.lsn) {
      const bytes = bytesAt(row.lsn);
      // After a failover or a crash the log can go on from an earlier byte.
      if (bytes < (samples.at(-1)?.bytes ?? 0)) samples.length = 0;
      samples.push({ at: performance.now(), bytes });
    }
    if (samples.length > MOST_SAMPLES) samples.shift();
    return row !== null;
  };

  const checkReplica = async (index: number, primaryAnswers: Promise<boolean>): Promise<void> => {
    const [probePool, pool] = [toReplicas[index], replicas.pools[index]];
    if (!probePool || !pool) return;
    const row = await check(probePool);
    if (!row) {
      if (isGone(probePool)) replicas.unreachable(pool);
      return;
    }
    const replica = replicas.known(pool, row);
    replicas.answered(replica);
    if (row.lsn) replicas.stands(replica, { lsn: row.lsn, timeline: row.timeline });
    const known = await primaryAnswers;
    if (!row.recovering) {
      if (replicas.isAhead(row.timeline)) locator?.doubt();
      if (!replicas.standsIn(row.timeline, primary.gone)) return replicas.leads(replica);
    }
    const bytes = known && row.lsn ? bytesAt(row.lsn) : null;
    replica.lagBytes = bytes === null ? null : Math.max(0, (samples.at(-1)?.bytes ?? 0) - bytes);
    replicas.checked(replica, bytes === null ? null : lagAt(samples, bytes, performance.now()), maxLagMs);
  };

  const round = async (): Promise<void> => {
    rounds += 1;
    if (rounds % CHECKS_PER_REVIEW === 0) void locator?.review();
    const primaryAnswers = checkPrimary();
    await Promise.all([primaryAnswers, ...toReplicas.map((_, index) => checkReplica(index, primaryAnswers))]);
    if (!stopped) timer = setTimeout(begin, checkMs).unref();
  };
  const begin = () => {
    checking = round();
  };
  begin();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await checking;
      await Promise.all([toPrimary, ...toReplicas].map(endPool));
    },
  };
};
