import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { compose } from '../../../src/compose.ts';
import { readConfig } from '../../../src/config.ts';
import type { EmbeddedPostgres } from '../../../src/embedded/index.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { standingClock } from '../../../src/kernel/clock.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { migrationsList } from '../../../src/migrations/index.ts';
import { migrateUp } from '../../../src/platform/db/migrator.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { createCallerFactory } from '../../../src/transport/trpc/procedures.ts';
import { freeCancellation } from '../../../tests/support/hotel.ts';
import { copyRoomType } from '../booking-copies.ts';
import { FIRST_NIGHT, LAST_NIGHT, ROOM_TYPES, ROOMS } from './demand.ts';
import { Again, type Way } from './way.ts';

/** The product's own command, in this process, with everything that belongs to a booking. */
export const openProductWay = async (
  opened: AsyncDisposableStack,
  { ownerUrl, primaryUrl }: EmbeddedPostgres,
): Promise<Way> => {
  await migrateUp({ ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 10_000 });
  const config = readConfig({
    DATABASE_URL: primaryUrl,
    DATA_KEY: 'data-key-of-the-benchmark-0123456789ab',
    AUTH_SECRET: 'auth-secret-of-the-benchmark-012345678',
    LOG_LEVEL: 'silent',
  });
  const application = await compose(config, { clock: standingClock('2029-12-01T12:00:00.000Z') });
  opened.defer(application.close);
  const { tenantId } = await application.access.bootstrapTenant({ slug: 'bench', name: 'Bench' });
  const createCaller = createCallerFactory(application.appRouter);
  const caller = () =>
    createCaller({
      ...{ requestId: randomUUID(), principal: operatorOf(tenantId), scope: newScope(tenantId), sourceAddress: '' },
    });
  const hotel = {
    name: 'Casa do Rio',
    type: 'hotel',
    timeZone: 'Europe/Lisbon',
    currency: 'EUR',
    city: 'Lisboa',
  } as const;
  const { id: propertyId } = await caller().properties.create({ ...hotel, idempotencyKey: randomUUID() });
  const { id: roomTypeId } = await caller().roomTypes.create({
    ...{
      propertyId,
      name: 'Double',
      maxAdults: 2,
      maxOccupancy: 2,
      physicalRooms: ROOMS,
      idempotencyKey: randomUUID(),
    },
  });
  const { id: ratePlanId } = await caller().rates.createPlan({
    ...{ propertyId, code: 'FLEX', name: 'Flexible', terms: freeCancellation, idempotencyKey: randomUUID() },
    occupancy: { includedAdults: 2, extraAdult: 0, childPrices: [] },
  });
  await caller().rates.setPrices({
    ratePlanId,
    entries: [{ roomTypeIds: [roomTypeId], from: FIRST_NIGHT, until: addDays(LAST_NIGHT, 1), price: 10_000 }],
    idempotencyKey: randomUUID(),
  });

  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  opened.defer(() => owner.end());
  await owner.query("select set_config('app.tenant', $1, false)", [tenantId]);
  const roomTypes = await copyRoomType(owner, roomTypeId, ROOM_TYPES, [FIRST_NIGHT, LAST_NIGHT]);
  return {
    name: 'Innkeeper',
    async book({ roomType, arrival, departure }) {
      const line = { roomTypeId: roomTypes[roomType] ?? '', ratePlanId, arrival, departure, adults: 2 };
      try {
        await caller().bookings.create({ lines: [line], booker: { name: 'Ana Silva' }, idempotencyKey: randomUUID() });
        return true;
      } catch (error) {
        const cause = (error as Error).cause;
        if (!(cause instanceof AppError)) throw error;
        if (cause.code === 'NOT_AVAILABLE') return false;
        throw cause.retryable ? new Again(cause.code) : cause;
      }
    },
    async stays() {
      const { rows } = await owner.query<{ count: number }>('select count(*)::int as count from booking_line');
      return rows[0]?.count ?? Number.NaN;
    },
    async nightsOversold() {
      const { rows } = await owner.query<{ count: number }>(
        `select count(*)::int as count from (
           select from inventory_night n join booking_line l using (tenant_id, room_type_id)
           where n.night >= l.arrival and n.night < l.counted_until
           group by n.room_type_id, n.night, n.physical having count(*) > n.physical) oversold`,
      );
      return rows[0]?.count ?? Number.NaN;
    },
  };
};
