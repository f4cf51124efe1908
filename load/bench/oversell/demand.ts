import { addDays } from '../../../src/kernel/dates.ts';

/** One request for a room: of the same numbers for every way, so that all are asked for the same. */
export interface Wish {
  roomType: number;
  arrival: string;
  departure: string;
}

export const FIRST_NIGHT = '2030-01-01';
export const NIGHTS = 28;
export const ROOMS = 10;
export const ROOM_TYPES = 1_000;
const LONGEST_STAY = 7;
/** Half as many again as fit, so that each room type sells out under the hands of all clients. */
const WISHES_A_ROOM_TYPE = 120;

export const LAST_NIGHT = addDays(FIRST_NIGHT, NIGHTS - 1);
export const MOST_WISHES = ROOM_TYPES * WISHES_A_ROOM_TYPE;

/** A number in [0, 1) that follows from `n` alone. */
const scattered = (n: number): number => {
  let hash = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/** All clients want the same room type until it has been asked for often enough, then the next one. */
export const wish = (n: number): Wish => {
  const nights = 1 + Math.floor(scattered(2 * n) * LONGEST_STAY);
  const arrival = addDays(FIRST_NIGHT, Math.floor(scattered(2 * n + 1) * (NIGHTS - nights + 1)));
  return { roomType: Math.floor(n / WISHES_A_ROOM_TYPE), arrival, departure: addDays(arrival, nights) };
};
