import { AppError } from '../../kernel/app-error.ts';

export const LINE_STATES = [
  'held',
  'confirmed',
  'checked_in',
  'checked_out',
  'expired',
  'cancelled',
  'no_show',
] as const;
export type LineState = (typeof LINE_STATES)[number];

export const LINE_MOVES = ['confirm', 'cancel', 'expire', 'checkIn', 'checkOut', 'noShow'] as const;
export type LineMove = (typeof LINE_MOVES)[number];

const TRANSITIONS: Record<LineState, Partial<Record<LineMove, LineState>>> = {
  held: { confirm: 'confirmed', cancel: 'cancelled', expire: 'expired' },
  confirmed: { cancel: 'cancelled', checkIn: 'checked_in', noShow: 'no_show' },
  checked_in: { checkOut: 'checked_out' },
  checked_out: {},
  expired: {},
  cancelled: {},
  no_show: {},
};

/** The moves that the state allows; empty for a terminal state. */
export const allowedMoves = (state: LineState): LineMove[] =>
  LINE_MOVES.filter((move) => TRANSITIONS[state][move] !== undefined);

/** States that no move leaves. */
export const TERMINAL_STATES: readonly LineState[] = LINE_STATES.filter((state) => allowedMoves(state).length === 0);

/** The state after the move; throws WRONG_STATE, with the state and its allowed moves in `details`, when there is none. */
export const move = (state: LineState, wanted: LineMove): LineState => {
  const next = TRANSITIONS[state][wanted];
  if (next) return next;
  const allowed = allowedMoves(state);
  const hint = allowed.length > 0 ? `Allowed: ${allowed.join(', ')}.` : 'This state is final: no move is allowed.';
  throw new AppError('conflict', 'WRONG_STATE', `The line is ${state}, so ${wanted} is not possible. ${hint}`, {
    details: { state, allowed },
  });
};

const BY_PRECEDENCE = ['checked_in', 'held', 'confirmed', 'checked_out', 'no_show', 'cancelled'] as const;

/** A booking's state, derived from those of its lines in any order. */
export const bookingState = (lines: readonly LineState[]): LineState =>
  BY_PRECEDENCE.find((state) => lines.includes(state)) ?? 'expired';

/**
 * The ledger's column that counts a line's nights from arrival to its counted-until date; null when they are all
 * given back. Used nights stay sold, and so do those that a no-show keeps.
 */
export const countsNights = (state: LineState): 'held' | 'sold' | null => {
  switch (state) {
    case 'held':
      return 'held';
    case 'confirmed':
    case 'checked_in':
    case 'checked_out':
    case 'no_show':
      return 'sold';
    case 'expired':
    case 'cancelled':
      return null;
  }
};
