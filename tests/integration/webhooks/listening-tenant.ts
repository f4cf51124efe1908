import { onTestFinished } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { createHotel, key } from '../../support/hotel.ts';
import { settledEvents } from '../../support/settled-events.ts';
import { asked, stay } from '../../support/stays.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';

/** A receiver until the test ends. */
export const receiver = async (...args: Parameters<typeof startWebhookReceiver>) => {
  const started = await startWebhookReceiver(...args);
  onTestFinished(started.close);
  return started;
};

/** A tenant with a hotel of five rooms, and what tests of webhooks do with it. */
export const listeningTenant = async (app: TestApp, slug: string) => {
  const tenant = await app.tenant(slug);
  const hotel = await createHotel(tenant.client, { physicalRooms: 5 });
  /** Makes deliveries of what has happened. */
  const tell = async () => {
    await settledEvents(app.database, tenant.tenantId);
    await app.application.dispatcher.tell(tenant.tenantId);
  };
  return {
    ...tenant,
    hotel,
    tell,
    book: () => tenant.client.bookings.create.mutate(asked(stay(hotel, '2026-04-01', '2026-04-03'))),
    listen: (url: string, eventTypes?: ('booking.confirmed' | 'booking.cancelled')[]) =>
      tenant.client.webhooks.create.mutate({ url, ...(eventTypes ? { eventTypes } : {}), idempotencyKey: key() }),
    deliveries: async (endpointId: string) =>
      (await tenant.client.webhooks.deliveries.query({ endpointId, limit: 100 })).items,
    /** Everything that is due is tried once. */
    async deliver() {
      await tell();
      await app.application.deliverer.serveAll();
      await app.application.deliverer.settled();
    },
  };
};
