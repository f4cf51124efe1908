import { sql } from 'kysely';
import { z } from 'zod';
import { notFound } from '../../kernel/app-error.ts';
import { id, instant, localDate } from '../../kernel/wire.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { EventPayload, LiveEvent } from '../events/index.ts';
import { onceEach } from '../events/index.ts';

export const changesInput = z.strictObject({
  propertyId: id.optional(),
  roomTypeId: id.optional(),
  lastEventId: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'The last id that you got: goes on right after it.' }),
});

export const availabilityChange = z.strictObject({
  propertyId: id,
  nights: z
    .array(z.strictObject({ roomTypeIds: z.array(id), from: localDate, until: localDate }))
    .meta({ description: 'Nights to look at again; none when the property, a room type or a plan itself changed.' }),
  at: instant,
});

type Change = z.infer<typeof availabilityChange>;

const TYPES = /^(booking\..+|inventory\.changed|rates\.changed|(room_type|property|rate_plan)\.changed)$/;

type Lines = EventPayload<'booking.confirmed'>['lines'];

const nightsOf = ({ payload }: LiveEvent): Change['nights'] => {
  if (Array.isArray(payload.nights)) return payload.nights as Change['nights'];
  if (!Array.isArray(payload.lines)) return [];
  const stays = Map.groupBy(payload.lines as Lines, ({ arrival, departure }) => `${arrival} ${departure}`);
  return [...stays.values()].flatMap((lines) => {
    const [line] = lines;
    if (!line) return [];
    const roomTypeIds = [...new Set(lines.map(({ roomTypeId }) => roomTypeId))];
    return [{ roomTypeIds, from: line.arrival, until: line.departure }];
  });
};

/** What an event means for availability: nothing of whose or which booking it was. */
export const toChange = onceEach(
  (event: LiveEvent): Change => ({
    propertyId: String(event.payload.propertyId),
    nights: nightsOf(event),
    at: event.at,
  }),
);

/** Whether an event may change what is available of a property or a room type; both are taken as given if they are. */
export const touches =
  ({ propertyId, roomTypeId }: { propertyId?: string | undefined; roomTypeId?: string | undefined }) =>
  (event: LiveEvent): boolean => {
    if (!TYPES.test(event.type)) return false;
    if (propertyId !== undefined && event.payload.propertyId !== propertyId) return false;
    if (roomTypeId === undefined) return true;
    if (event.payload.roomTypeId !== undefined) return event.payload.roomTypeId === roomTypeId;
    const { nights } = toChange(event);
    return nights.length === 0 || nights.some(({ roomTypeIds }) => roomTypeIds.includes(roomTypeId));
  };

/** The property of a room type. Throws AppError NOT_FOUND. */
export const propertyOf = async (db: Sql, roomTypeId: string): Promise<string> => {
  const { rows } = await sql<{ propertyId: string }>`
    select property_id as "propertyId" from room_type where tenant_id = app.tenant() and id = ${roomTypeId}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw notFound('room type', 'roomTypeId');
  return row.propertyId;
};
