import { sql } from 'kysely';
import { AppError, notFound } from '../../kernel/app-error.ts';
import { foldText } from '../../kernel/folding.ts';
import { givenFields } from '../../kernel/given-fields.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database, Sql } from '../../platform/db/database.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { lockPricedProperty } from '../rates/index.ts';
import { PropertyEntity } from './property.entity.ts';
import { findProperty, listProperties } from './property.queries.ts';
import type {
  CreatePropertyInput,
  ListPropertiesInput,
  Property,
  SwitchPropertyInput,
  UpdatePropertyInput,
} from './property.schemas.ts';

const UNIQUE_VIOLATION = '23505';

/** The row as it is inside the running command. */
const readBack = async ({ sql: db }: Command, propertyId: string): Promise<Property> => {
  const found = await findProperty(db, propertyId);
  if (!found) throw notFound('property', 'propertyId');
  return found;
};

const flush = async (command: Command): Promise<void> => {
  try {
    await command.em.flush();
  } catch (error) {
    if (faultCode(error) !== UNIQUE_VIOLATION) throw error;
    throw new AppError('conflict', 'EXTERNAL_REF_TAKEN', 'Another property has this external reference. Use another.', {
      fields: [{ path: 'externalRef', message: 'Another property has it.' }],
      cause: error,
    });
  }
};

/** Prices, charges and bookings are in it. */
const refuseOtherCurrency = async (db: Sql, propertyId: string): Promise<void> => {
  const plans = await sql`
    select from rate_plan where tenant_id = app.tenant() and property_id = ${propertyId} limit 1`.execute(db);
  if (plans.rows.length === 0) return;
  throw new AppError('conflict', 'CURRENCY_IN_USE', 'The currency stays as it is once the property has rate plans.', {
    fields: [{ path: 'currency', message: 'The property has rate plans in its present currency.' }],
  });
};

export const createPropertyService = (deps: { commands: Commands; database: Database; ids: Ids }) => {
  const change = (
    caller: Caller,
    procedure: string,
    input: SwitchPropertyInput & Omit<UpdatePropertyInput, 'propertyId' | 'idempotencyKey'>,
    changes: Partial<Omit<UpdatePropertyInput, 'propertyId' | 'idempotencyKey'>> & { active?: boolean },
  ): Promise<Property> =>
    deps.commands.run(caller, procedure, input, async (command) => {
      if (!(await lockPricedProperty(command.sql, input.propertyId))) throw notFound('property', 'propertyId');
      const before = await readBack(command, input.propertyId);
      const entity = await command.em.findOneOrFail(PropertyEntity, {
        id: input.propertyId,
        tenantId: caller.principal.tenant,
      });
      if (changes.currency !== undefined && changes.currency !== entity.currency) {
        await refuseOtherCurrency(command.sql, entity.id);
      }
      command.em.assign(entity, givenFields(changes));
      entity.cityKey = foldText(entity.city);
      await flush(command);
      const after = await readBack(command, entity.id);
      command.announce('property.changed', { propertyId: entity.id });
      command.audit({ entity: 'property', entityId: entity.id, before, after });
      return after;
    });

  return {
    create: (caller: Caller, input: CreatePropertyInput): Promise<Property> =>
      deps.commands.run(caller, 'properties.create', input, async (command) => {
        const { idempotencyKey: _, ...described } = input;
        const entity = command.em.create(PropertyEntity, {
          ...described,
          id: deps.ids.uuid(),
          tenantId: caller.principal.tenant,
          cityKey: foldText(input.city),
          active: true,
          createdAt: command.nowIso,
        });
        command.em.persist(entity);
        await flush(command);
        const after = await readBack(command, entity.id);
        command.announce('property.changed', { propertyId: entity.id });
        command.audit({ entity: 'property', entityId: entity.id, after });
        return after;
      }),

    update: (caller: Caller, input: UpdatePropertyInput): Promise<Property> => {
      const { propertyId: _, idempotencyKey: __, ...changes } = input;
      return change(caller, 'properties.update', input, changes);
    },

    activate: (caller: Caller, input: SwitchPropertyInput): Promise<Property> =>
      change(caller, 'properties.activate', input, { active: true }),

    deactivate: (caller: Caller, input: SwitchPropertyInput): Promise<Property> =>
      change(caller, 'properties.deactivate', input, { active: false }),

    get: async (caller: Caller, propertyId: string): Promise<Property> => {
      const found = await deps.database.read(caller.scope, 'replica', (db) => findProperty(db, propertyId));
      if (!found) throw notFound('property', 'propertyId');
      return found;
    },

    list: (caller: Caller, input: ListPropertiesInput) =>
      deps.database.read(caller.scope, 'replica', (db) => listProperties(db, input)),
  };
};

export type PropertyService = ReturnType<typeof createPropertyService>;
