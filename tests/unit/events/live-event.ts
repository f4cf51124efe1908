import type { LiveEvent } from '../../../src/features/events/subscriber.ts';

/** The event at this place, told apart by its number. */
export const liveEvent = (position: number, changes: Partial<LiveEvent> = {}): LiveEvent => ({
  id: `event-${position}`,
  bookingId: null,
  bookingSeq: null,
  type: 'property.changed',
  version: 1,
  payload: {},
  at: '2026-03-02T12:00:00.000Z',
  txid: '10',
  position,
  ownerId: null,
  bytes: 10,
  ...changes,
});
