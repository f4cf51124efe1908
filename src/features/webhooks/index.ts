import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Tracer } from '../../kernel/tracing.ts';
import type { Database } from '../../platform/db/database.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Commands } from '../commands/index.ts';
import { createDeliverer } from './deliverer.ts';
import { createDeliveryService } from './delivery.service.ts';
import { createEndpointService } from './endpoint.service.ts';
import { createFanOut } from './fan-out.ts';
import { createWebhooksRouter } from './router.ts';
import { createSecretBox } from './signing.ts';

export type { Deliverer } from './deliverer.ts';
export { WebhookEndpointEntity } from './endpoint.entity.ts';
export { type WebhookMessages, webhookMessages } from './messages.ts';

export interface WebhooksOptions {
  database: Database;
  commands: Commands;
  clock: Clock;
  /** Of the machine, also where `clock` stands: by it workers take endpoints and are missed. */
  machineClock: Clock;
  ids: Ids;
  outbound: Outbound;
  /** The setting DATA_KEY. */
  masterSecret: string;
  mostEndpoints: number;
  /** Between tries, in milliseconds. */
  pausesMs: readonly number[];
  /** Deliveries under way at once to one endpoint. */
  atOnce: number;
  onFault(error: unknown): void;
  /** Told how each attempt to deliver ended. */
  onDelivery?(outcome: 'delivered' | 'failed', milliseconds: number): void;
  /** Records deliveries of what was recorded itself. */
  tracer: Tracer;
}

/** Webhooks: the API, a consumer of events that makes deliveries of them, and what sends these. */
export const createWebhooks = (options: WebhooksOptions) => {
  const deps = { ...options, secrets: createSecretBox(options.masterSecret), random: options.ids.fraction };
  const deliverer = createDeliverer(deps);
  const serve = () => void deliverer.serveAll().catch(options.onFault);
  return {
    router: createWebhooksRouter(createEndpointService(deps), createDeliveryService(deps)),
    consumer: createFanOut({ clock: options.clock, ids: options.ids, onHandled: serve }),
    deliverer,
  };
};
