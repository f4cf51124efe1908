import { AppError, notFound } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { type AttemptOptions, send } from './attempt.ts';
import { findEndpointToTest } from './deliveries-due.ts';
import type { TestMessage } from './messages.ts';

export interface TestDeliveryOptions extends Omit<AttemptOptions, 'random' | 'pausesMs' | 'tracer'> {
  commands: Commands;
  database: Database;
  ids: Ids;
}

/** Tests under way at once in this process; each holds a caller for as long as the receiver takes. */
const TESTS_AT_ONCE = 64;
/** One tenant's, so that its slow receivers keep no other from testing. */
const TESTS_OF_A_TENANT = 8;

const createTesting = () => {
  let underWay = 0;
  const byTenant = new Map<string, number>();
  return {
    /** Throws TOO_MANY_TESTS, which is retryable, when too many run already. */
    async run<T>(tenant: string, test: () => Promise<T>): Promise<T> {
      const theirs = byTenant.get(tenant) ?? 0;
      if (underWay >= TESTS_AT_ONCE || theirs >= TESTS_OF_A_TENANT) {
        throw new AppError('too_many', 'TOO_MANY_TESTS', 'Too many tests are under way. Try again in a few seconds.', {
          retryable: true,
        });
      }
      underWay += 1;
      byTenant.set(tenant, theirs + 1);
      try {
        return await test();
      } finally {
        underWay -= 1;
        const left = (byTenant.get(tenant) ?? 0) - 1;
        if (left > 0) byTenant.set(tenant, left);
        else byTenant.delete(tenant);
      }
    },
  };
};

const testNow = async (deps: TestDeliveryOptions, caller: Caller, endpointId: string) => {
  const nowIso = deps.clock.nowIso();
  const endpoint = await deps.database.read(caller.scope, 'primary', (db) =>
    findEndpointToTest(db, endpointId, nowIso),
  );
  if (!endpoint) throw notFound('webhook endpoint', 'endpointId');
  const message: TestMessage = {
    ...{ id: deps.ids.uuid(), type: 'webhook.test', version: 1, timestamp: nowIso },
    ...{ bookingId: null, bookingSeq: null, data: { endpointId } },
  };
  const { attempt } = await send(deps, endpoint, message.id, JSON.stringify(message));
  await deps.commands.runWithoutKey(caller, 'webhooks.test', async ({ audit }) => {
    audit({ entity: 'webhook_endpoint', entityId: endpointId, after: { tested: attempt.status ?? attempt.error } });
  });
  const { status } = attempt;
  return { delivered: status !== null && status >= 200 && status < 300, attempt };
};

/** Sends a message of the type `webhook.test` now, and tells what came of it; nothing of it is kept. */
export const createTestDelivery = (deps: TestDeliveryOptions) => {
  const testing = createTesting();
  return (caller: Caller, endpointId: string) =>
    testing.run(caller.principal.tenant, () => testNow(deps, caller, endpointId));
};
