import type { LineState } from '../../../src/features/bookings/states.ts';
import type { TestDatabase } from '../../support/postgres.ts';
import { tenantRows } from '../../support/tenant-rows.ts';
import type { Memory } from './guest.ts';

type States = Record<string, LineState>;

/** What may have become of a line that its guest was last told to be in this state. */
const possible = (told: LineState, replaced: boolean, over: boolean): LineState[] => {
  if (told !== 'held') return [told];
  return [replaced ? 'cancelled' : 'held', ...(over ? (['expired'] as const) : [])];
};

/**
 * Where the guests' memories and the database differ, in words: a booking that one of them has and the other has not,
 * or a line in a state that its guest can't explain. Empty when they agree.
 */
export const disagreements = async (
  database: TestDatabase,
  tenantId: string,
  memories: readonly Memory[],
  nowMs: number,
): Promise<string[]> => {
  const rows = await tenantRows<{ id: string; states: States }>(
    database,
    tenantId,
    'select booking_id as id, jsonb_object_agg(id, state) as states from booking_line group by booking_id',
  );
  const stored = new Map(rows.map(({ id, states }) => [id, states]));
  const known = new Set(memories.flatMap(({ bookings }) => [...bookings.keys()]));
  const unknown = [...stored.keys()].filter((id) => !known.has(id)).map((id) => `${id} was booked by nobody`);
  const wrong = memories.flatMap(({ bookings, replaced }) =>
    [...bookings.values()].flatMap(({ id, holdExpiresAt, lines }) => {
      const states = stored.get(id);
      if (!states) return [`${id} was acknowledged and is gone`];
      const over = holdExpiresAt !== null && Date.parse(holdExpiresAt) <= nowMs;
      return lines.flatMap((line) => {
        const state = states[line.id];
        if (state && possible(line.state, replaced.has(id), over).includes(state)) return [];
        return [`${id}: a line was told to be ${line.state} and is ${state}`];
      });
    }),
  );
  return [...unknown, ...wrong];
};
