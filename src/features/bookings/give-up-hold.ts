import type { Command } from '../commands/index.ts';
import type { NightChange } from '../inventory/index.ts';
import type { Booking } from './entity.ts';
import { findBooking, nightChanges } from './locked-booking.ts';
import { bookingState, move } from './states.ts';
import { auditView } from './view.ts';

/**
 * A hold that its owner gives up for another booking in the same command: its nights come back in the very move that
 * takes the new ones, so nobody can step between. Throws NOT_FOUND, or WRONG_STATE when it is no hold any more.
 */
export const giveUpHold = async (
  command: Command,
  bookingId: string,
): Promise<{ booking: Booking; changes: NightChange[]; finish(): Promise<void> }> => {
  const booking = await findBooking(command, bookingId, 'replacesHold');
  const all = booking.lines.getItems();
  const lines = all.filter(({ state }) => state === 'held');
  const moved = lines.length === 0 && all.find(({ state }) => state !== 'expired');
  if (moved) move(moved.state, 'expire');
  const changes = lines.flatMap((line) => nightChanges(line, 'cancelled', line.arrival));
  return {
    booking,
    changes,
    async finish() {
      if (lines.length === 0) return;
      const before = auditView(booking, all);
      for (const line of lines) {
        line.state = move(line.state, 'cancel');
        line.countedUntil = line.arrival;
        line.holdExpiresAt = null;
      }
      booking.state = bookingState(booking.lines.getItems().map(({ state }) => state));
      booking.holdExpiresAt = null;
      booking.updatedAt = command.nowIso;
      booking.version += 1;
      await command.em.flush();
      await command.event(booking.id, 'booking.cancelled', { reason: 'replaced' });
      command.audit({ entity: 'booking', entityId: booking.id, before, after: auditView(booking, all) });
    },
  };
};
