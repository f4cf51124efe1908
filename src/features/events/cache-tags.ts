import type { LocalDate } from '../../kernel/dates.ts';
import type { EventPayload } from './catalogue.ts';
import type { OutboxEvent } from './outbox.ts';

/** What cached answers can depend on. Nights go by month: a booking touches one or two. */
export const cacheTags = {
  /** Everything of the tenant's properties, room types and plans but their nights. */
  catalogue: 'catalogue',
  /** Lowest prices, that properties are listed with. */
  prices: 'prices',
  property: (propertyId: string) => `property:${propertyId}`,
  nights: (month: string) => `nights:${month}`,
  nightsOf: (roomTypeId: string, month: string) => `nights:${roomTypeId}:${month}`,
};

const monthOf = (date: LocalDate): string => date.slice(0, 7);

const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** No range of nights is longer. */
const MOST_MONTHS = 200;

/** The months of the nights [from, until), `YYYY-MM`. */
export const monthsOf = (from: LocalDate, until: LocalDate): string[] => {
  const months: string[] = [];
  for (let month = monthOf(from); month <= monthOf(until) && months.length < MOST_MONTHS; month = nextMonth(month)) {
    months.push(month);
  }
  return months;
};

const ofNights = (roomTypeIds: readonly string[], from: LocalDate, until: LocalDate): string[] =>
  monthsOf(from, until).flatMap((month) => [
    cacheTags.nights(month),
    ...roomTypeIds.map((roomTypeId) => cacheTags.nightsOf(roomTypeId, month)),
  ]);

/** The tags of what an event has changed. */
export const tagsOfEvent = ({ type, payload }: OutboxEvent): string[] => {
  if (type.startsWith('booking.')) {
    const { lines } = payload as EventPayload<'booking.confirmed'>;
    return lines.flatMap(({ roomTypeId, arrival, departure }) => ofNights([roomTypeId], arrival, departure));
  }
  if (type === 'inventory.changed' || type === 'rates.changed') {
    const { propertyId, nights } = payload as EventPayload<'rates.changed'>;
    const touched = nights.flatMap(({ roomTypeIds, from, until }) => ofNights(roomTypeIds, from, until));
    return type === 'rates.changed' ? [...touched, cacheTags.prices, cacheTags.property(propertyId)] : touched;
  }
  if (typeof payload.propertyId !== 'string') return [];
  return [cacheTags.catalogue, cacheTags.property(payload.propertyId)];
};

/** The tags that the events change, each with the id of the event where that is one, else null. */
export const taggedEvents = (events: readonly OutboxEvent[]): Map<string, string | null> => {
  const tagged = new Map<string, string | null>();
  for (const event of events) {
    for (const tag of new Set(tagsOfEvent(event))) tagged.set(tag, tagged.has(tag) ? null : event.id);
  }
  return tagged;
};
