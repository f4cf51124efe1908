import type { Ids } from '../../kernel/ids.ts';
import { loadOffers, quoteLines } from '../availability/index.ts';
import type { Command } from '../commands/index.ts';
import { moveNights } from '../inventory/index.ts';
import { draftBooking, nightsTaken, type Target } from './draft.ts';
import { giveUpHold } from './give-up-hold.ts';
import { addBooking } from './new-rows.ts';
import { refuseObstacles, refuseShortages } from './obstacles.ts';
import type { BookingOutput, CreateInput, LineInput } from './schemas.ts';

export const toLineRequest = ({ adults, childAges, ...line }: LineInput) => ({ ...line, party: { adults, childAges } });

/**
 * Takes the nights of all lines and writes the booking, all or nothing. Throws NOT_FOUND, the obstacles' codes
 * (NO_NIGHTS, PAST_ARRIVAL, RESTRICTED, NO_PRICE, ...) or NOT_AVAILABLE with the nights that are short.
 */
export const reserve = async (
  command: Command,
  ids: Ids,
  input: CreateInput,
  target: Target,
): Promise<BookingOutput> => {
  const { sql: db, nowIso } = command;
  const requests = input.lines.map(toLineRequest);
  const ownBookings = input.replacesHold ? [input.replacesHold] : [];
  const offers = await loadOffers(db, requests, { nowIso, ownBookings });
  const lines = quoteLines(requests, offers, command.nowMs);
  refuseObstacles(lines);

  const changes = nightsTaken(requests, target);
  if (input.replacesHold) {
    const givenUp = await giveUpHold(command, input.replacesHold);
    await moveNights(db, [...changes, ...givenUp.changes], { bookings: [givenUp.booking], nowIso });
    await givenUp.finish();
  } else {
    refuseShortages(lines);
    // Nobody else sees the new booking's rows, so they may be written first and the nights, which others want, last.
    command.beforeCommit(() => moveNights(db, changes, { bookings: [], nowIso }));
  }

  const draft = draftBooking(ids, command, input, lines, target);
  await addBooking(db, command.vault, draft, nowIso);
  command.wroteEvents();
  command.audit(draft.note);
  command.answerHoldsDataOf(draft.guest.id);
  return draft.answer;
};
