import { AppError, notFound } from '../../kernel/app-error.ts';
import { givenFields } from '../../kernel/given-fields.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { RatePlanEntity } from './plan.entity.ts';
import { findPlan, listPlans } from './plan.queries.ts';
import type { CreatePlanInput, ListPlansInput, RatePlan, UpdatePlanInput } from './plan.schemas.ts';
import { inOrderOfAge, inOrderOfHours } from './plan-terms.ts';
import { refreshPriceFrom } from './price-from.ts';
import { lockPricedProperty } from './priced-property.ts';

const UNIQUE_VIOLATION = '23505';

const flush = async (command: Command): Promise<void> => {
  try {
    await command.em.flush();
  } catch (error) {
    if (faultCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new AppError('conflict', 'PLAN_CODE_TAKEN', 'The property has a rate plan with this code. Use another.', {
      fields: [{ path: 'code', message: 'Another rate plan of the property has it.' }],
      cause: error,
    });
  }
};

const readBack = async (command: Command, ratePlanId: string): Promise<RatePlan> => {
  const found = await findPlan(command.sql, ratePlanId);
  if (!found) throw notFound('rate plan', 'ratePlanId');
  return found;
};

export const createPlanService = (deps: { commands: Commands; database: Database; ids: Ids }) => ({
  create: (caller: Caller, input: CreatePlanInput): Promise<RatePlan> =>
    deps.commands.run(caller, 'rates.createPlan', input, async (command) => {
      if (!(await lockPricedProperty(command.sql, input.propertyId))) throw notFound('property', 'propertyId');
      const entity = command.em.create(RatePlanEntity, {
        id: deps.ids.uuid(),
        tenantId: caller.principal.tenant,
        propertyId: input.propertyId,
        code: input.code,
        name: input.name,
        active: true,
        ...inOrderOfAge(input.occupancy),
        terms: inOrderOfHours(input.terms),
        createdAt: command.nowIso,
      });
      command.em.persist(entity);
      await flush(command);
      const after = await readBack(command, entity.id);
      command.announce('rate_plan.changed', { propertyId: input.propertyId, ratePlanId: entity.id });
      command.audit({ entity: 'rate_plan', entityId: entity.id, after });
      return after;
    }),

  update: (caller: Caller, input: UpdatePlanInput): Promise<RatePlan> =>
    deps.commands.run(caller, 'rates.updatePlan', input, async (command) => {
      const { ratePlanId, idempotencyKey: _, occupancy, terms, ...changes } = input;
      const { propertyId } = await readBack(command, ratePlanId);
      const property = await lockPricedProperty(command.sql, propertyId);
      if (!property) throw notFound('rate plan', 'ratePlanId');
      const before = await readBack(command, ratePlanId);
      const entity = await command.em.findOneOrFail(RatePlanEntity, {
        id: ratePlanId,
        tenantId: caller.principal.tenant,
      });
      command.em.assign(entity, {
        ...givenFields(changes),
        ...(occupancy ? inOrderOfAge(occupancy) : {}),
        ...(terms ? { terms: inOrderOfHours(terms) } : {}),
      });
      await flush(command);
      await refreshPriceFrom(command.sql, property.id, command.nowIso);
      const after = await readBack(command, ratePlanId);
      command.announce('rate_plan.changed', { propertyId, ratePlanId });
      command.audit({ entity: 'rate_plan', entityId: ratePlanId, before, after });
      return after;
    }),

  get: async (caller: Caller, ratePlanId: string): Promise<RatePlan> => {
    const found = await deps.database.read(caller.scope, 'replica', (db) => findPlan(db, ratePlanId));
    if (!found) throw notFound('rate plan', 'ratePlanId');
    return found;
  },

  list: (caller: Caller, input: ListPlansInput) =>
    deps.database.read(caller.scope, 'replica', (db) => listPlans(db, input)),
});

export type PlanService = ReturnType<typeof createPlanService>;
