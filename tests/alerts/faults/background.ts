import { createHotel, holdRoom } from '../../support/hotel.ts';
import type { Fault } from '../fault.ts';
import { onSaleFrom } from '../load.ts';
import type { Stage } from '../stage.ts';
import { asSuperuser, asTenant, holdOpen } from '../transactions.ts';

/** A hold that was over a while ago, on nights that its sweep has to wait for. */
const lockedExpiredHold = async (stage: Stage, opened: AsyncDisposableStack): Promise<void> => {
  const { load, servers, tenantId } = stage;
  const from = onSaleFrom();
  const hotel = await createHotel(load.client, { from });
  const departure = Temporal.PlainDate.from(from).add({ days: 1 }).toString();
  const { id } = await holdRoom(load.client, hotel, from, departure);
  await holdOpen(opened, servers.primaryUrl, [
    asTenant(tenantId),
    `select from inventory_night where room_type_id = '${hotel.roomTypeId}' for update`,
  ]);
  for (const table of ['booking_line', 'booking']) {
    const column = table === 'booking' ? 'id' : 'booking_id';
    await asSuperuser(
      stage,
      `update ${table} set hold_expires_at = now() - interval '55 seconds' where ${column} = '${id}'`,
    );
  }
};

export const backgroundFaults: Fault[] = [
  {
    name: 'The only worker is killed',
    fires: ['WorkersAbsent', 'TargetDown'],
    async begin({ worker }) {
      worker.signal('SIGKILL');
      await worker.exited;
      return { mend: [{ runbook: 'WorkersAbsent', environment: worker.settings }] };
    },
  },
  {
    name: 'The receiver of webhooks answers 503',
    fires: ['WebhooksFailing'],
    async begin({ receiver }) {
      receiver.working = false;
      return { mend: [{ runbook: 'WebhooksFailing', environment: { RECEIVER_START: receiver.startCommand } }] };
    },
  },
  {
    name: 'A transaction that has written stays open: events are not final before it ends',
    fires: ['OutboxOld'],
    async begin({ servers, tenantId }, opened) {
      await holdOpen(opened, servers.primaryUrl, [asTenant(tenantId), 'select pg_current_xact_id()']);
      return { mend: [{ runbook: 'OutboxOld' }] };
    },
  },
  {
    name: 'A transaction that nobody ends keeps the sweep from a hold that is over',
    fires: ['HoldsLeaking', 'JobFailing'],
    symptoms: ['OutboxOld', 'SlowStatements'],
    withinMs: 90_000,
    async begin(stage, opened) {
      await lockedExpiredHold(stage, opened);
      return { mend: [{ runbook: 'HoldsLeaking' }] };
    },
  },
  {
    name: 'No job can be begun (the table of the queue is locked by a transaction that nobody ends)',
    fires: ['JobsWaiting'],
    symptoms: ['OutboxOld', 'HoldsLeaking', 'WebhooksLate', 'PoolNearlyFull', 'PoolWaiting'],
    withinMs: 120_000,
    async begin({ servers }, opened) {
      await holdOpen(opened, servers.primaryUrl, [
        'set local role innkeeper_app',
        'lock table jobs.job in share row exclusive mode',
      ]);
      return { mend: [{ runbook: 'JobFailing' }] };
    },
  },
  {
    name: 'A worker whose clock was an hour ahead has vanished, and the endpoint of a webhook is still its own',
    fires: ['WebhooksLate'],
    withinMs: 120_000,
    async begin(stage) {
      await asSuperuser(
        stage,
        `update webhook_endpoint set leased_by = gen_random_uuid(), leased_until = now() + interval '1 hour'`,
      );
      return { mend: () => asSuperuser(stage, 'update webhook_endpoint set leased_by = null, leased_until = null') };
    },
  },
];
