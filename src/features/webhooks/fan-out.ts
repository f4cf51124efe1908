import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Consumer } from '../events/index.ts';
import { lineUp } from './line-up.ts';

/** Makes a delivery of each event for each endpoint that wants it; `onHandled` is told of the tenant. */
export const createFanOut = (deps: { clock: Clock; ids: Ids; onHandled: (tenant: string) => void }): Consumer => ({
  name: 'webhooks',
  async handle({ sql: db }, events) {
    const { rows: endpoints } = await sql<{ id: string; eventTypes: string[] | null }>`
      select id, event_types as "eventTypes" from webhook_endpoint
      where tenant_id = app.tenant() and active
      order by id for no key update`.execute(db);
    const wanted = events.flatMap((event) =>
      endpoints
        .filter(({ eventTypes }) => eventTypes === null || eventTypes.includes(event.type))
        .map((endpoint) => ({ ...event, endpointId: endpoint.id, deliveryId: deps.ids.uuid() })),
    );
    if (wanted.length === 0) return;
    await sql`
      insert into webhook_delivery (id, endpoint_id, event_id, booking_id, txid, position, next_try_at, created_at)
      select d.id, d.endpoint_id, e.id, e.booking_id, e.txid, e.position,
        case when e.booking_id is null then e.at else 'infinity' end, e.at
      from unnest(${wanted.map(({ deliveryId }) => deliveryId)}::uuid[],
        ${wanted.map(({ endpointId }) => endpointId)}::uuid[],
        ${wanted.map(({ id }) => id)}::uuid[]) as d (id, endpoint_id, event_id)
      join event e on e.tenant_id = app.tenant() and e.id = d.event_id
      on conflict (tenant_id, endpoint_id, event_id) do nothing`.execute(db);
    await lineUp(db, wanted, deps.clock.nowIso());
  },
  onHandled: deps.onHandled,
});
