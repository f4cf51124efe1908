import type { AskedCall, AskedCounts, AskedOften } from './asked-counts.ts';
import { chooseToWarm } from './choose.ts';

export interface WarmerOptions {
  asked: AskedCounts;
  /** Answers that are filled in one round at most. */
  mostKeys: number;
  /** How many at a time. */
  atOnce: number;
  /** Between the beginnings of two rounds. */
  everyMs: number;
  /** The most asked for first, before any restart too; of some tenants, or of all for null. */
  load: (most: number, tenants: ReadonlySet<string> | null) => Promise<AskedCall[]>;
  save: (tenant: string, asked: readonly AskedOften[]) => Promise<void>;
  /** Gets what is not kept. Rejects only where going on is of no use. */
  fill: (call: AskedCall) => Promise<void>;
  /** Whether the process is told of the tenant's writes by now: what was filled before would not stay. */
  isFollowed: (tenant: string) => boolean;
  /** Whether requests need what filling takes. */
  isBusy: () => boolean;
  pause: (ms: number) => Promise<void>;
  startTimer: (ms: number, ring: () => void) => () => void;
  onFault: (error: unknown) => void;
}

export interface Warmer {
  /** Begins with a round, and goes on with one every while. */
  start(): void;
  /**
   * One round: notes what was asked for, then fills what was asked for most. Answers how many calls it went through; what there is
   * no quiet time for until the next one is left out. Rejects with the first fault, once nothing runs any more.
   */
  round(): Promise<number>;
  /** Ends what runs, and notes what was asked for. */
  stop(): Promise<void>;
}

const PAUSE_MS = 20;
/** A tenant whose writes can't be followed by then is left out of the round. */
const FOLLOWED_WITHIN_MS = 5_000;
/** So many more are read as may be left out, one type or tenant having had its share. */
const READ_FOR_EACH = 4;

/** Fills answers before they are asked for, when there is nothing better to do. */
export const createWarmer = (options: WarmerOptions): Warmer => {
  const { asked, mostKeys, atOnce, everyMs, isFollowed, isBusy, pause, onFault } = options;
  let rounds = 0;
  let stopped = false;
  let cancelTimer = () => {};
  let running: Promise<unknown> = Promise.resolve();

  const saveAsked = async (): Promise<void> => {
    for (const [tenant, calls] of asked.take()) await options.save(tenant, calls);
  };

  const fillAll = async (calls: readonly AskedCall[]): Promise<number> => {
    const left = calls.values();
    const unfollowed = new Set<string>();
    let filled = 0;
    let isOver = false;

    /** Waits for a quiet moment; false where none comes. */
    const mayFill = async ({ tenant }: AskedCall, waited: { ms: number }): Promise<boolean> => {
      for (let forFollower = 0; !stopped && !isOver && !unfollowed.has(tenant); ) {
        const isReady = isFollowed(tenant);
        if (isReady && !isBusy()) return true;
        if (waited.ms >= everyMs) return false;
        await pause(PAUSE_MS);
        waited.ms += PAUSE_MS;
        if (!isReady) forFollower += PAUSE_MS;
        if (forFollower >= FOLLOWED_WITHIN_MS) unfollowed.add(tenant);
      }
      return false;
    };
    const fillSome = async () => {
      const waited = { ms: 0 };
      for (const call of left) {
        if (stopped || isOver) return;
        if (!(await mayFill(call, waited))) continue;
        await options.fill(call).catch((error: unknown) => {
          isOver = true;
          throw error;
        });
        filled += 1;
      }
    };
    const fillers = await Promise.allSettled(Array.from({ length: atOnce }, fillSome));
    const fault = fillers.find((filler) => filler.status === 'rejected');
    if (fault) throw fault.reason;
    return filled;
  };

  const round = async (): Promise<number> => {
    // Later on only for those who ask: for others nothing need be followed.
    const tenants = rounds === 0 ? null : asked.tenants();
    rounds += 1;
    await saveAsked();
    if (tenants?.size === 0) return 0;
    return fillAll(chooseToWarm(await options.load(READ_FOR_EACH * mostKeys, tenants), mostKeys));
  };

  const start = (): void => {
    running = round().catch(onFault);
    cancelTimer = options.startTimer(everyMs, () => void running.then(() => stopped || start()));
  };

  return {
    start,
    round,
    async stop() {
      stopped = true;
      cancelTimer();
      await running;
      // One that only lends its parts to a command has nothing to say.
      if (rounds > 0) await saveAsked().catch(onFault);
    },
  };
};
