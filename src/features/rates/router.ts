import { procedure, router } from '../../transport/trpc/procedures.ts';
import { calendarInput, nightsSet, rateCalendar, setPricesInput, setRestrictionsInput } from './night.schemas.ts';
import type { createSetRestrictions } from './night-restrictions.ts';
import { createPlanInput, listPlansInput, planInput, planPage, ratePlan, updatePlanInput } from './plan.schemas.ts';
import type { PlanService } from './plan.service.ts';
import type { createSetPrices } from './prices.ts';
import type { createReadCalendar } from './rate-calendar.ts';

export const createRatesRouter = (deps: {
  plans: PlanService;
  setPrices: ReturnType<typeof createSetPrices>;
  setRestrictions: ReturnType<typeof createSetRestrictions>;
  readCalendar: ReturnType<typeof createReadCalendar>;
}) =>
  router({
    createPlan: procedure('rates:manage', {
      method: 'POST',
      path: '/properties/{propertyId}/rate-plans',
      summary: 'Add a rate plan',
      successStatus: 201,
    })
      .input(createPlanInput)
      .output(ratePlan)
      .mutation(({ ctx, input }) => deps.plans.create(ctx, input)),

    updatePlan: procedure('rates:manage', {
      method: 'PATCH',
      path: '/rate-plans/{ratePlanId}',
      summary: 'Change a rate plan',
      description: 'Fields that are left out stay as they are, and bookings keep the terms they were confirmed with.',
    })
      .input(updatePlanInput)
      .output(ratePlan)
      .mutation(({ ctx, input }) => deps.plans.update(ctx, input)),

    getPlan: procedure('rates:read', {
      method: 'GET',
      path: '/rate-plans/{ratePlanId}',
      summary: 'Show a rate plan',
    })
      .input(planInput)
      .output(ratePlan)
      .query(({ ctx, input }) => deps.plans.get(ctx, input.ratePlanId)),

    listPlans: procedure('rates:read', {
      method: 'GET',
      path: '/properties/{propertyId}/rate-plans',
      summary: 'List the rate plans of a property, oldest first',
    })
      .input(listPlansInput)
      .output(planPage)
      .query(({ ctx, input }) => deps.plans.list(ctx, input)),

    setPrices: procedure('rates:manage', {
      method: 'PUT',
      path: '/rate-plans/{ratePlanId}/prices',
      summary: 'Set prices of many nights at once',
      description: 'Where two entries name the same night, the later one wins.',
    })
      .input(setPricesInput)
      .output(nightsSet)
      .mutation(({ ctx, input }) => deps.setPrices(ctx, input)),

    setRestrictions: procedure('rates:manage', {
      method: 'PUT',
      path: '/rate-plans/{ratePlanId}/restrictions',
      summary: 'Set restrictions of many nights at once',
      description:
        'Null clears a restriction and a field that is left out stays as it is. Where two entries name the same field of the same night, the later one wins.',
    })
      .input(setRestrictionsInput)
      .output(nightsSet)
      .mutation(({ ctx, input }) => deps.setRestrictions(ctx, input)),

    calendar: procedure('rates:read', {
      method: 'GET',
      path: '/rate-plans/{ratePlanId}/calendar',
      summary: 'Show prices and restrictions, night by night',
    })
      .input(calendarInput)
      .output(rateCalendar)
      .query(({ ctx, input }) => deps.readCalendar(ctx, input)),
  });
