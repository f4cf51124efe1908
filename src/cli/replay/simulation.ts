import type { TypeCapacity } from './capacity.ts';
import type { Row } from './row.ts';

const day = (date: string) => Date.parse(date) / 86_400_000;

/** The steps of a day that move rooms, in order. */
const END_OF_EARLIER = 0;
const BOOKING = 1;
const END_OF_TODAYS = 2;

interface Move {
  day: number;
  step: number;
  row: Row;
}

const movesOf = (row: Row): Move[] => {
  const booked = day(row.bookedOn);
  const arrival = day(row.arrival);
  let end = Math.max(booked, day(row.statusDate));
  if (row.status !== 'Canceled') end = Math.max(end, arrival);
  const sameDay = end === booked || (row.status === 'Check-Out' && end === arrival);
  return [
    { day: booked, step: BOOKING, row },
    { day: end, step: sameDay ? END_OF_TODAYS : END_OF_EARLIER, row },
  ];
};

/**
 * The row numbers that find no room when each day's bookings arrive one by one in row order. A row is taken with all
 * its nights or not at all; one that is refused never ends. Rows that are no bookings are not among them.
 * Works from the rows alone, so that it can be held against a replay of the schedule.
 */
export const refusedForRooms = (rows: readonly Row[], capacities: readonly TypeCapacity[]): Set<number> => {
  const bookable = rows.filter((row) => row.nights > 0 && row.adults + row.children + row.babies > 0 && row.rate >= 0);
  const moves = bookable.flatMap(movesOf);
  moves.sort((a, b) => a.day - b.day || a.step - b.step || a.row.row - b.row.row);

  const rooms = new Map(capacities.map(({ hotel, roomType, rooms }) => [`${hotel}:${roomType}`, rooms]));
  const sold = new Map<string, number>();
  const refused = new Set<number>();
  for (const { day: today, step, row } of moves) {
    if (refused.has(row.row)) continue;
    const type = `${row.hotel}:${row.roomType}`;
    const arrival = day(row.arrival);
    const nights = Array.from({ length: row.nights }, (_, index) => arrival + index);
    if (step === BOOKING) {
      const fits = nights.every((night) => (sold.get(`${type}:${night}`) ?? 0) < (rooms.get(type) ?? 0));
      if (!fits) refused.add(row.row);
      else for (const night of nights) sold.set(`${type}:${night}`, (sold.get(`${type}:${night}`) ?? 0) + 1);
      continue;
    }
    for (const night of nights) {
      const used = row.status === 'Check-Out' && night < today;
      if (!used) sold.set(`${type}:${night}`, (sold.get(`${type}:${night}`) ?? 0) - 1);
    }
  }
  return refused;
};
