import { sql } from 'kysely';
import { AppError } from '../../kernel/app-error.ts';
import type { LocalDate } from '../../kernel/dates.ts';
import type { Sql } from '../../platform/db/database.ts';

/** A night of a room type. */
export interface NightKey {
  roomTypeId: string;
  night: LocalDate;
}

/** What one night's counters change by: positive takes, negative gives back. */
export interface NightChange extends NightKey {
  held?: number;
  sold?: number;
  blocked?: number;
}

/** Why a night could not be taken; `available` is what was left of it. */
export interface Shortage extends NightKey {
  problem: 'closed' | 'sold_out';
  available: number;
}

export const notAvailable = (shortages: Shortage[]): AppError =>
  new AppError('conflict', 'NOT_AVAILABLE', 'Not every night is free. Choose other dates or another room type.', {
    details: { shortages },
  });

type Totals = Required<NightChange>;

/** One entry a night and room type, in the ledger's order; nights whose counters all stay as they are fall out. */
export const netChanges = (changes: readonly NightChange[]): Totals[] => {
  const totals = new Map<string, Totals>();
  for (const { roomTypeId, night, held = 0, sold = 0, blocked = 0 } of changes) {
    const key = `${roomTypeId} ${night}`;
    const total = totals.get(key) ?? { roomTypeId, night, held: 0, sold: 0, blocked: 0 };
    total.held += held;
    total.sold += sold;
    total.blocked += blocked;
    totals.set(key, total);
  }
  return [...totals.entries()]
    .filter(([, { held, sold, blocked }]) => held !== 0 || sold !== 0 || blocked !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, total]) => total);
};

/** How many rooms are left of a night, expired holds not counted; null when it is closed. */
export interface FreeNight extends NightKey {
  available: number | null;
}

/** A booking at the version from which night changes were reckoned. */
export interface BookingVersion {
  id: string;
  version: number;
}

/**
 * Takes, gives back and moves nights, all or nothing, in one round trip; `bookings` are locked after the nights, and
 * their own holds are left alone. When one of those has moved on since it was read, the whole transaction runs again.
 * Throws AppError NOT_AVAILABLE whose `details.shortages` name each night that is closed or sold out; nothing has
 * changed then.
 */
export const moveNights = async (
  db: Sql,
  changes: readonly NightChange[],
  { bookings, nowIso }: { bookings: readonly BookingVersion[]; nowIso: string },
): Promise<void> => {
  const net = netChanges(changes);
  if (net.length === 0 && bookings.length === 0) return;
  const { rows: shortages } = await sql<Shortage>`
    select room_type_id as "roomTypeId", night, problem, available
    from app.move_nights(
      ${net.map((change) => change.roomTypeId)}::uuid[], ${net.map((change) => change.night)}::date[],
      ${net.map((change) => change.held)}::integer[], ${net.map((change) => change.sold)}::integer[],
      ${net.map((change) => change.blocked)}::integer[],
      ${bookings.map(({ id }) => id)}::uuid[], ${bookings.map(({ version }) => version)}::integer[],
      ${nowIso}::timestamptz)`.execute(db);
  if (shortages.length > 0) throw notAvailable(shortages);
};

/** Locks nights, then bookings, in the ledger's one order, until the transaction ends; closed nights have no row to lock. */
export const lockNights = async (
  db: Sql,
  nights: readonly NightKey[],
  bookings: readonly string[] = [],
): Promise<void> => {
  await sql`
    select app.lock_nights(${nights.map((key) => key.roomTypeId)}::uuid[], ${nights.map((key) => key.night)}::date[],
      ${[...bookings]}::uuid[])`.execute(db);
};
