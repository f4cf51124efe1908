import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Commands } from '../commands/index.ts';
import { createSetRestrictions } from './night-restrictions.ts';
import { createPlanService } from './plan.service.ts';
import { createSetPrices } from './prices.ts';
import { createReadCalendar } from './rate-calendar.ts';
import { createRatesRouter } from './router.ts';

export const createRates = (deps: { commands: Commands; database: Database; ids: Ids }) => ({
  router: createRatesRouter({
    plans: createPlanService(deps),
    setPrices: createSetPrices(deps.commands),
    setRestrictions: createSetRestrictions(deps.commands),
    readCalendar: createReadCalendar(deps.database),
  }),
});
