import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { addDays, daysBetween, type LocalDate, nightsOf, weekdayOf } from '../../kernel/dates.ts';
import { nightRange, validRange } from '../../kernel/night-range.ts';
import { id } from '../../kernel/wire.ts';

/** Which nights of which room types one entry is about; the entry is checked by `validEntryRange`, too. */
export const entryNights = {
  roomTypeIds: z.array(id).min(1).max(100),
  ...nightRange,
  weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .max(7)
    .optional()
    .meta({ description: 'ISO weekdays, 1 Monday to 7 Sunday; all unless given.' }),
};

interface EntryNights {
  roomTypeIds: string[];
  from: LocalDate;
  until: LocalDate;
  weekdays?: number[] | undefined;
}

export const MAX_ENTRIES = 50;
export const MAX_NIGHTS = 50_000;
export const validEntryRange = validRange(3_660);

/** Reckoned, not enumerated: a range of a thousand years is refused at no cost. */
const countOf = ({ from, until, weekdays }: EntryNights): number => {
  const days = Math.max(0, daysBetween(from, until)) || 0;
  if (!weekdays) return days;
  const isNamed = (date: LocalDate) => weekdays.includes(weekdayOf(date));
  const lastDays = nightsOf(from, addDays(from, days % 7));
  return Math.floor(days / 7) * new Set(weekdays).size + lastDays.filter(isNamed).length;
};

const countNights = (entries: readonly EntryNights[]): number =>
  entries.reduce((total, entry) => total + countOf(entry) * entry.roomTypeIds.length, 0);

/** The entries of one call; where two of them name the same night, the later one wins. */
export const entriesOf = <Entry extends z.ZodType<EntryNights>>(entry: Entry) =>
  z
    .array(entry)
    .min(1)
    .max(MAX_ENTRIES)
    .refine(
      (entries) => countNights(entries) <= MAX_NIGHTS,
      `All entries together name at most ${MAX_NIGHTS} nights. Send them in several calls.`,
    );

/** The nights that entries are about, as events tell them. */
export const announcedNights = (entries: readonly EntryNights[]) =>
  entries.map(({ roomTypeIds, from, until }) => ({ roomTypeIds, from, until }));

/** A table `asked (room_type_id, night, position, entry)`: each night of each entry, as a CTE body. */
export const askedNights = (entries: readonly EntryNights[]): RawBuilder<unknown> => sql`
  select r.room_type_id::uuid as room_type_id, n.night, e.position, e.entry
  from jsonb_array_elements(${JSON.stringify(entries)}::jsonb) with ordinality as e (entry, position)
  cross join lateral jsonb_array_elements_text(e.entry -> 'roomTypeIds') as r (room_type_id)
  cross join lateral (
    select (e.entry ->> 'from')::date + k as night
    from generate_series(0, (e.entry ->> 'until')::date - (e.entry ->> 'from')::date - 1) as k
  ) n
  where e.entry -> 'weekdays' is null or e.entry -> 'weekdays' @> to_jsonb(extract(isodow from n.night)::integer)`;
