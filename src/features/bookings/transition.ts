import { AppError, notFound } from '../../kernel/app-error.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Command } from '../commands/index.ts';
import type { BookingEventType } from '../events/index.ts';
import { moveNights } from '../inventory/index.ts';
import type { Booking, BookingLine } from './entity.ts';
import { bookerOf, findBooking, nightChanges, roomsOf } from './locked-booking.ts';
import type { BookingOutput } from './schemas.ts';
import { allowedMoves, bookingState, type LineMove, type LineState } from './states.ts';
import { auditView, toBookingOutput } from './view.ts';

/** What one line becomes. */
export interface LineOutcome {
  state: LineState;
  countedUntil: LocalDate;
  /** Minor units; unchanged unless given. */
  fee?: number;
}

export interface Transition {
  bookingId: string;
  lineIds: string[] | undefined;
  move: LineMove;
  event: Exclude<BookingEventType, 'booking.held'>;
  /** Decides, without I/O, what a line becomes; throws when it may not. */
  decide: (line: BookingLine) => LineOutcome;
  /** Runs with everything locked, before the lines are written. */
  andThen?: (booking: Booking, lines: BookingLine[]) => Promise<void>;
}

/** The named lines; without names all that allow the move, or all that aren't over if none does, so that the move says why. */
export const chosenLines = (booking: Booking, lineIds: string[] | undefined, move: LineMove): BookingLine[] => {
  const lines = booking.lines.getItems().toSorted((a, b) => a.lineNo - b.lineNo);
  if (!lineIds) {
    const able = lines.filter(({ state }) => allowedMoves(state).includes(move));
    return able.length ? able : lines;
  }
  return lineIds.map((lineId, index) => {
    const line = lines.find(({ id }) => id === lineId);
    if (!line) throw notFound('line of this booking', `lineIds.${index}`);
    return line;
  });
};

/**
 * Whether the nights may be moved after everything else is written. Others come to a booking from its nights only to
 * release its hold, and to rooms from the nights that they block; without either, no one waits the other way round.
 * A hot night is then locked for one round trip and the commit instead of seven.
 */
const mayLockLast = (booking: Booking, plan: Transition): boolean =>
  !plan.andThen && booking.lines.getItems().every(({ state }) => state !== 'held');

/**
 * Moves lines of one booking to their next states: decides from a read, locks nights and booking, writes lines, booking,
 * event and audit. When the booking has changed since it was read, by its version, the whole transaction runs again.
 */
export const transition = async (command: Command, plan: Transition): Promise<BookingOutput> => {
  const booking = await findBooking(command, plan.bookingId);
  if (new Set(plan.lineIds).size !== (plan.lineIds?.length ?? 0)) {
    throw new AppError('invalid', 'INVALID_INPUT', 'Name each line once.', {
      fields: [{ path: 'lineIds', message: 'A line is named twice.' }],
    });
  }
  const lines = chosenLines(booking, plan.lineIds, plan.move);
  const outcomes = lines.map((line) => ({ line, outcome: plan.decide(line) }));
  const before = auditView(booking, booking.lines.getItems());

  const changes = outcomes.flatMap(({ line, outcome }) => nightChanges(line, outcome.state, outcome.countedUntil));
  const { sql: db, nowIso } = command;
  if (mayLockLast(booking, plan)) {
    command.beforeCommit(() => moveNights(db, changes, { bookings: [], nowIso }));
  } else {
    await moveNights(db, changes, { bookings: [booking], nowIso });
    await plan.andThen?.(booking, lines);
  }

  for (const { line, outcome } of outcomes) {
    line.state = outcome.state;
    line.countedUntil = outcome.countedUntil;
    line.holdExpiresAt = null;
    if (outcome.fee !== undefined) line.fee = outcome.fee;
  }
  const states = booking.lines.getItems().map(({ state }) => state);
  booking.state = bookingState(states);
  if (!states.includes('held')) booking.holdExpiresAt = null;
  booking.updatedAt = command.nowIso;
  booking.version += 1;
  await command.em.flush();

  await command.event(booking.id, plan.event, {});
  command.audit({
    entity: 'booking',
    entityId: booking.id,
    before,
    after: auditView(booking, booking.lines.getItems()),
  });
  const booker = await bookerOf(command, booking);
  command.answerHoldsDataOf(booker.id);
  return toBookingOutput(booking, booking.lines.getItems(), booker, await roomsOf(command, booking));
};
