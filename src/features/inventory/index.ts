import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Commands } from '../commands/index.ts';
import { createBlockService } from './block.service.ts';
import { createReadInventory } from './calendar.ts';
import { createInventoryRouter } from './router.ts';
import { createSetNights } from './set-nights.ts';

export { type BlockedNights, openBlockedNights } from './blocked-nights.ts';
export { sweepAllHolds, sweepHolds } from './hold-sweep.ts';
export { openNights, rollHorizon } from './horizon.ts';
export {
  type BookingVersion,
  type FreeNight,
  lockNights,
  moveNights,
  type NightChange,
  type NightKey,
  netChanges,
  notAvailable,
  type Shortage,
} from './ledger.ts';

/** `horizonDays`: nights from a property's business date on that can be open. */
export const createInventory = (deps: {
  commands: Commands;
  database: Database;
  clock: Clock;
  ids: Ids;
  horizonDays: number;
}) => ({
  router: createInventoryRouter({
    readInventory: createReadInventory(deps),
    setNights: createSetNights(deps),
    blocks: createBlockService(deps),
  }),
});
