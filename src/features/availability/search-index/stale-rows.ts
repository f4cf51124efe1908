import type { LocalDate } from '../../../kernel/dates.ts';
import type { EventPayload } from '../../events/index.ts';
import type { AskedNights } from './offer-rows.ts';

/** What has to be read again: whole properties, and nights of room types. */
export interface StaleRows {
  propertyIds: string[];
  nights: AskedNights[];
}

/** An event as far as it says what it is about. */
export interface Announced {
  type: string;
  payload: Record<string, unknown>;
}

type Lines = EventPayload<'booking.confirmed'>['lines'];
type Nights = EventPayload<'inventory.changed'>['nights'];

const nightsOf = ({ type, payload }: Announced): AskedNights[] => {
  if (type.startsWith('booking.')) {
    return (payload.lines as Lines).map(({ roomTypeId, arrival, departure }) => ({
      roomTypeId,
      from: arrival,
      until: departure,
    }));
  }
  return (payload.nights as Nights).flatMap(({ roomTypeIds, from, until }) =>
    roomTypeIds.map((roomTypeId) => ({ roomTypeId, from, until })),
  );
};

const NIGHTS = /^(booking\..+|inventory\.changed|rates\.changed)$/;
const PROPERTIES = /^(property|room_type|rate_plan)\.changed$/;

/** Gathers what events say to be read again within [first, last), each room type once, however many events there are. */
export const gatherStaleRows = (first: LocalDate, last: LocalDate) => {
  const propertyIds = new Set<string>();
  const nights = new Map<string, AskedNights>();
  return {
    add(event: Announced): void {
      if (PROPERTIES.test(event.type)) propertyIds.add(String(event.payload.propertyId));
      if (!NIGHTS.test(event.type)) return;
      for (const { roomTypeId, from, until } of nightsOf(event)) {
        const known = nights.get(roomTypeId) ?? { roomTypeId, from: last, until: first };
        if (from < known.from) known.from = from < first ? first : from;
        if (until > known.until) known.until = until > last ? last : until;
        nights.set(roomTypeId, known);
      }
    },
    rows: (): StaleRows => ({
      propertyIds: [...propertyIds],
      nights: [...nights.values()].filter(({ from, until }) => from < until),
    }),
  };
};
