import type { Config } from '../config.ts';
import type { Commands } from '../features/commands/index.ts';
import { type Consumer, createDispatcher } from '../features/events/index.ts';
import { createWebhooks } from '../features/webhooks/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { openOutbound } from '../platform/outbound/index.ts';
import type { Data } from './data.ts';
import type { Parts } from './parts.ts';

/** What tells the world of events: the dispatcher, webhooks, and the connections out. */
export const composeTelling = (
  config: Config,
  { database }: Data,
  { clock, ids, listeners, tracer }: Parts,
  commands: Commands,
) => {
  const outbound = openOutbound({
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
    connectTimeoutMs: config.WEBHOOK_TIMEOUT_MS,
    timeoutMs: config.WEBHOOK_TIMEOUT_MS,
    maxAnswerBytes: 1_024,
    connectionsPerOrigin: 4 * config.WEBHOOK_CONCURRENCY,
  });
  const webhooks = createWebhooks({
    database,
    commands,
    clock,
    machineClock: systemClock,
    ids,
    outbound,
    masterSecret: config.DATA_KEY,
    mostEndpoints: config.WEBHOOK_ENDPOINTS,
    pausesMs: config.WEBHOOK_RETRY_PAUSES_MS,
    atOnce: config.WEBHOOK_CONCURRENCY,
    onFault: (error) => listeners.onJobFault('webhooks', error),
    onDelivery: listeners.onDelivery,
    tracer,
  });
  const { consumer } = webhooks;
  const counted: Consumer = {
    ...consumer,
    async handle(tx, events) {
      const startedAt = performance.now();
      await consumer.handle(tx, events);
      for (const { type, traceParent } of events) {
        listeners.onTold(type);
        if (!traceParent) continue;
        const facts = { 'innkeeper.event.type': type, 'innkeeper.consumer': consumer.name };
        tracer.goOn({ name: `tell ${type}`, kind: 'consumer', startedAt, facts }, traceParent)?.end();
      }
    },
  };
  const dispatcher = createDispatcher({
    database,
    clock,
    consumers: [counted],
    onFault: listeners.onJobFault,
    onSetAside: listeners.onEventSetAside,
  });
  return {
    dispatcher,
    webhooks,
    close: async () => {
      await Promise.all([dispatcher.stop(), webhooks.deliverer.stop(config.SHUTDOWN_GRACE_MS)]);
      await outbound.close();
    },
  };
};
