import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processorTimeOf } from '../../bench/processor-time.ts';

const TICKS_PER_SECOND = 100;
/** Of a processor: what others take beyond it distorts what is measured. */
const MOST = 0.2;
const TRIES = 40;
const PAUSE_MS = 700;

/** Milliseconds in which processors were busy so far, for whomever (Linux). */
const busyMs = (): number => {
  const [user, nice, system, , , interrupts, soft, stolen] = (
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  const ticks = [user, nice, system, interrupts, soft, stolen].reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return (ticks * 1_000) / TICKS_PER_SECOND;
};

/** Whose processor time is part of what is measured, beside this process. */
export interface Own {
  server: number;
  /** With its children. */
  database: number;
}

/** Share of a processor that others took while `work` ran. */
const besides = async <T>(own: Own, work: () => Promise<T>): Promise<{ answer: T; others: number }> => {
  const ownMs = () =>
    processorTimeOf(process.pid, false) + processorTimeOf(own.server, false) + processorTimeOf(own.database, true);
  const before = { at: performance.now(), busy: busyMs(), own: ownMs() };
  const answer = await work();
  const others = busyMs() - before.busy - (ownMs() - before.own);
  return { answer, others: others / (performance.now() - before.at) };
};

/** What `work` answers once nobody else has much to do, or at its best of many tries. */
export const undisturbed = async <T>(own: Own, work: () => Promise<T>): Promise<T> => {
  let best = await besides(own, work);
  for (let tries = 1; best.others > MOST && tries < TRIES; tries++) {
    await delay(PAUSE_MS);
    const next = await besides(own, work);
    if (next.others < best.others) best = next;
  }
  if (best.others > MOST)
    console.error(`others took ${best.others.toFixed(2)} of a processor: what was measured is too low`);
  return best.answer;
};
