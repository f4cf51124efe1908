import { AppError, notFound } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Caller, Commands } from '../commands/index.ts';
import { type AttemptOptions, messageOf, send } from './attempt.ts';
import { findEndpointToTest } from './deliveries-due.ts';

export interface TestDeliveryOptions extends Omit<AttemptOptions, 'random' | 'pausesMs'> {
  commands: Commands;
  database: Database;
  ids: Ids;
}

/** Tests under way at once in this process; each holds a caller for as long as the receiver takes. */
const TESTS_AT_ONCE = 8;

const createTesting = () => {
  let underWay = 0;
  return {
    /** Throws TOO_MANY_TESTS, which is retryable, when too many run already. */
    async run<T>(test: () => Promise<T>): Promise<T> {
      if (underWay >= TESTS_AT_ONCE) {
        throw new AppError('too_many', 'TOO_MANY_TESTS', 'Too many tests are under way. Try again in a few seconds.', {
          retryable: true,
        });
      }
      underWay += 1;
      try {
        return await test();
      } finally {
        underWay -= 1;
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
  const eventId = deps.ids.uuid();
  const body = messageOf({
    ...{ eventId, type: 'webhook.test', version: 1, at: nowIso },
    ...{ bookingId: null, bookingSeq: null, payload: { endpointId } },
  });
  const { attempt } = await send(deps, endpoint, eventId, body);
  await deps.commands.runWithoutKey(caller, 'webhooks.test', async ({ audit }) => {
    audit({ entity: 'webhook_endpoint', entityId: endpointId, after: { tested: attempt.status ?? attempt.error } });
  });
  const { status } = attempt;
  return { delivered: status !== null && status >= 200 && status < 300, attempt };
};

/** Sends a message of the type `webhook.test` now, and tells what came of it; nothing of it is kept. */
export const createTestDelivery = (deps: TestDeliveryOptions) => {
  const testing = createTesting();
  return (caller: Caller, endpointId: string) => testing.run(() => testNow(deps, caller, endpointId));
};
