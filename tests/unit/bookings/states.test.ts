import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedMoves,
  bookingState,
  countsNights,
  LINE_MOVES,
  LINE_STATES,
  type LineMove,
  type LineState,
  move,
  TERMINAL_STATES,
} from '../../../src/features/bookings/states.ts';
import { AppError } from '../../../src/kernel/app-error.ts';

const EDGES = [
  'held confirm confirmed',
  'held cancel cancelled',
  'held expire expired',
  'confirmed cancel cancelled',
  'confirmed checkIn checked_in',
  'confirmed noShow no_show',
  'checked_in checkOut checked_out',
];
const edgesFrom = (state: LineState) =>
  EDGES.filter((edge) => edge.startsWith(`${state} `)).map((edge) => edge.split(' '));

/** What a line of a booking counts in the ledger, by the model. */
const HELD = new Set<LineState>(['held']);
const GIVEN_BACK = new Set<LineState>(['expired', 'cancelled']);

interface Model {
  lines: LineState[];
}
/** The code's side: states by `move`, the ledger's counts by what `countsNights` says before and after each move. */
interface Real {
  lines: LineState[];
  held: number;
  sold: number;
}

class MoveLine implements fc.Command<Model, Real> {
  readonly line: number;
  readonly wanted: LineMove;
  constructor(line: number, wanted: LineMove) {
    this.line = line;
    this.wanted = wanted;
  }
  check = () => true;
  toString = () => `${this.wanted} line ${this.line}`;

  run(model: Model, real: Real) {
    const at = this.line % model.lines.length;
    const before = model.lines[at] ?? 'held';
    const edges = edgesFrom(before);
    const next = edges.find(([, name]) => name === this.wanted)?.[2];
    if (next) {
      model.lines[at] = next as LineState;
      const after = move(real.lines[at] ?? 'expired', this.wanted);
      for (const [column, change] of [[countsNights(before), -1] as const, [countsNights(after), 1] as const]) {
        if (column) real[column] += change;
      }
      real.lines[at] = after;
    } else {
      const error = refusal(real.lines[at] ?? 'held', this.wanted);
      const allowed = edges.map(([, name]) => name);
      expect(error).toMatchObject({ kind: 'conflict', code: 'WRONG_STATE', retryable: false });
      expect(new Set(error.details?.allowed as LineMove[])).toEqual(new Set(allowed));
      expect(error.details?.state).toBe(before);
      for (const word of [before, ...allowed]) expect(error.message).toContain(word);
    }
    expect(real.lines).toEqual(model.lines);
    expect(real.held).toBe(model.lines.filter((state) => HELD.has(state)).length);
    expect(real.sold).toBe(model.lines.filter((state) => !HELD.has(state) && !GIVEN_BACK.has(state)).length);
  }
}

const refusal = (state: LineState, wanted: LineMove): AppError => {
  try {
    move(state, wanted);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`${wanted} was allowed in ${state}`);
};

const states = fc.constantFrom(...LINE_STATES);

describe('line states', () => {
  it('any walk follows the model, names state and allowed moves when it refuses, and counts each line once', () => {
    const commands = fc.commands(
      [fc.tuple(fc.nat(3), fc.constantFrom(...LINE_MOVES)).map(([line, wanted]) => new MoveLine(line, wanted))],
      { maxCommands: 40, size: 'max' },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), commands, (size, walk) => {
        const lines = () => Array.from({ length: size }, (): LineState => 'held');
        fc.modelRun(() => ({ model: { lines: lines() }, real: { lines: lines(), held: size, sold: 0 } }), walk);
      }),
      { numRuns: 300 },
    );
  });

  it('every pair of state and move does what the table of the design says', () => {
    const found = LINE_STATES.flatMap((state) => allowedMoves(state).map((m) => `${state} ${m} ${move(state, m)}`));
    expect(found.toSorted()).toEqual(EDGES.toSorted());
    const refused = LINE_STATES.flatMap((state) =>
      LINE_MOVES.filter((m) => !allowedMoves(state).includes(m)).map((m) => refusal(state, m).code),
    );
    expect(refused).toHaveLength(LINE_STATES.length * LINE_MOVES.length - EDGES.length);
  });

  it('a terminal state is one that no move leaves', () => {
    expect(TERMINAL_STATES.toSorted()).toEqual(['cancelled', 'checked_out', 'expired', 'no_show']);
    fc.assert(
      fc.property(fc.constantFrom(...TERMINAL_STATES), fc.constantFrom(...LINE_MOVES), (state, wanted) => {
        expect(refusal(state, wanted).message).toContain(state);
      }),
    );
  });

  it('nights are held while held, sold from confirmation on, and given back when expired or cancelled', () => {
    const counted = Object.fromEntries(LINE_STATES.map((state) => [state, countsNights(state)]));
    expect(counted).toEqual({
      held: 'held',
      confirmed: 'sold',
      checked_in: 'sold',
      checked_out: 'sold',
      no_show: 'sold',
      expired: null,
      cancelled: null,
    });
  });
});

describe('the state of a booking', () => {
  const bookings = fc.array(states, { minLength: 1, maxLength: 6 });

  it('is the first of checked in, held, confirmed, checked out, no-show, cancelled, expired that a line has', () => {
    const order: LineState[] = ['checked_in', 'held', 'confirmed', 'checked_out', 'no_show', 'cancelled', 'expired'];
    fc.assert(
      fc.property(bookings, (lines) => {
        const rank = Math.min(...lines.map((state) => order.indexOf(state)));
        expect(bookingState(lines)).toBe(order[rank]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the state of its lines when they agree, and does not depend on their order', () => {
    fc.assert(
      fc.property(states, fc.integer({ min: 1, max: 5 }), bookings, (state, size, lines) => {
        expect(bookingState(Array.from({ length: size }, () => state))).toBe(state);
        expect(bookingState(lines.toReversed())).toBe(bookingState(lines));
      }),
    );
  });
});
