import type { Sharing } from '../../../src/features/bookings/reserve-rooms.ts';
import { type BookingsService, createBookingsService } from '../../../src/features/bookings/service.ts';
import { createCommands, createGuestVault } from '../../../src/features/commands/index.ts';
import { AppError } from '../../../src/kernel/app-error.ts';
import { randomIds } from '../../../src/kernel/ids.ts';
import { operatorOf } from '../../../src/kernel/principal.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import type { TestApp } from '../../support/app.ts';
import type { asked } from '../../support/stays.ts';

type Create = Parameters<BookingsService['create']>[1];
type Input = ReturnType<typeof asked> & Omit<Partial<Create>, 'lines'>;

/** As the API would have read it. */
const parsed = ({ lines, ...input }: Input): Create => ({
  ...input,
  lines: lines.map(({ childAges = [], ...line }) => ({ ...line, childAges })),
});

/**
 * Bookings as one more process of the server makes them, called without HTTP: calls made in one go meet in a known
 * order, which is that of their outcomes unless several batches run at once.
 */
export const directBookings = ({ application, clock, config }: TestApp, tenantId: string, sharing?: Sharing) => {
  const deps = {
    ...{ database: application.database, clock, ids: randomIds, holdMinutes: 10 },
    commands: createCommands({
      ...{ database: application.database, clock, ids: randomIds, vault: createGuestVault(config.DATA_KEY) },
      onCommitted: () => {},
    }),
  };
  const service = createBookingsService(deps, sharing);
  const caller = () => ({ principal: operatorOf(tenantId), scope: newScope(tenantId), requestId: 'direct' });
  return {
    caller,
    create: (input: Input, by = caller()) => service.create(by, parsed(input)),
    hold: (input: Input, by = caller()) => service.hold(by, parsed(input)),
  };
};

/** How each call ended: the booking's state, or the code that it was refused with. */
export const outcomesOf = (calls: Promise<{ state: string }>[]): Promise<string[]> =>
  Promise.all(
    calls.map((call) =>
      call.then(
        ({ state }) => state,
        (error: unknown) => (error instanceof AppError ? error.code : String(error)),
      ),
    ),
  );
