import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '../../../src/compose.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import type { Client } from '../../support/app.ts';
import { type Hotel, key } from '../../support/hotel.ts';
import { asked, stay } from '../../support/stays.ts';
import { type Outcome, persistently } from './persistently.ts';
import { pick, type Random } from './random.ts';

type Booking = inferRouterOutputs<AppRouter>['bookings']['get'];
type Input = inferRouterInputs<AppRouter>['bookings']['hold'];

export const FIRST_NIGHT = '2026-05-01';
export const NIGHTS = 20;
const LONGEST_STAY = 4;

/** What one guest knows when it has done: its bookings as it was last told, and how each call of it ended. */
export interface Memory {
  bookings: Map<string, Booking>;
  /** Holds that it gave up for another booking. */
  replaced: Set<string>;
  outcomes: string[];
  faults: string[];
  /** Retries under a key that had an answer, which were told another one. */
  contradictions: unknown[];
}

interface Done {
  call: () => Promise<Booking>;
  answer: Booking;
}

export interface Surroundings {
  /** Each call goes through one of them. */
  clients: readonly Client[];
  roomTypes: readonly Hotel[];
  /** Runs after each call of anybody, to let time pass. */
  afterCall: () => Promise<void>;
}

/** Asks for rooms at random and keeps at each call until it knows how that ended. */
export const behaveAsGuest = async (
  { clients, roomTypes, afterCall }: Surroundings,
  random: Random,
  calls: number,
): Promise<Memory> => {
  const memory: Memory = { bookings: new Map(), replaced: new Set(), outcomes: [], faults: [], contradictions: [] };
  const done: Done[] = [];
  const bookings = () => pick(random, clients).bookings;

  const someLines = () =>
    Array.from({ length: pick(random, [1, 1, 2, 3]) }, () => {
      const from = random(NIGHTS);
      const nights = 1 + random(Math.min(LONGEST_STAY, NIGHTS - from));
      return stay(pick(random, roomTypes), addDays(FIRST_NIGHT, from), addDays(FIRST_NIGHT, from + nights));
    });
  const held = () =>
    [...memory.bookings.values()].filter(({ id, state }) => state === 'held' && !memory.replaced.has(id));
  const alive = () => [...held(), ...[...memory.bookings.values()].filter(({ state }) => state === 'confirmed')];

  const perform = async (name: string, call: () => Promise<Booking>): Promise<Outcome<Booking>> => {
    const outcome = await persistently(call, memory.faults);
    if ('refused' in outcome) {
      memory.outcomes.push(`${name} ${outcome.refused}`);
      return outcome;
    }
    memory.outcomes.push(name);
    memory.bookings.set(outcome.answer.id, outcome.answer);
    done.push({ call, answer: outcome.answer });
    return outcome;
  };

  const reserve = async (replaces?: Booking) => {
    const input: Input = { ...asked(...someLines()), ...(replaces ? { replacesHold: replaces.id } : {}) };
    const holdMinutes = pick(random, [1, 5, 30]);
    const outcome =
      random(2) === 0
        ? await perform(replaces ? 'replace' : 'hold', () => bookings().hold.mutate({ ...input, holdMinutes }))
        : await perform(replaces ? 'replace' : 'create', () => bookings().create.mutate(input));
    if (replaces && 'answer' in outcome) memory.replaced.add(replaces.id);
  };

  const change = async (name: 'confirm' | 'cancel', { id, lines }: Booking) => {
    const input = { bookingId: id, idempotencyKey: key() };
    const some = lines.filter(({ state }) => state === 'held' || state === 'confirmed').map((line) => line.id);
    const lineIds = random(2) === 0 ? some.slice(0, 1) : undefined;
    await perform(name, () =>
      name === 'confirm'
        ? bookings().confirm.mutate(input)
        : bookings().cancel.mutate({ ...input, ...(lineIds ? { lineIds } : {}) }),
    );
  };

  const retry = async ({ call, answer }: Done) => {
    const outcome = await persistently(call, memory.faults);
    memory.outcomes.push('retry');
    if (!('answer' in outcome) || JSON.stringify(outcome.answer) !== JSON.stringify(answer)) {
      memory.contradictions.push({ answer, outcome });
    }
  };

  for (let count = 0; count < calls; count++) {
    const dice = random(10);
    if (dice < 3 && held().length > 0) await change('confirm', pick(random, held()));
    else if (dice < 5 && alive().length > 0) await change('cancel', pick(random, alive()));
    else if (dice < 7 && held().length > 0) await reserve(pick(random, held()));
    else if (dice < 8 && done.length > 0) await retry(pick(random, done));
    else await reserve();
    await afterCall();
  }
  return memory;
};
