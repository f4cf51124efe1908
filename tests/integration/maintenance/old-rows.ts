import { type MaintenanceOptions, maintain } from '../../../src/features/maintenance/index.ts';
import type { TestApp } from '../../support/app.ts';
import { tenantRows } from '../../support/tenant-rows.ts';

/** Maintenance with 90 days for events and 730 for audit entries, unless told otherwise. */
export const maintainIn = ({ application, clock }: TestApp, changes: Partial<MaintenanceOptions> = {}) =>
  maintain({
    ...{ database: application.database, clock, auditRetentionDays: 730, eventRetentionDays: 90 },
    ...changes,
  });

/** Writes events at these instants, in this order, one a transaction from number `firstTxid` on. */
export const writeEvents = (app: TestApp, tenantId: string, instants: string[], firstTxid = 10) =>
  tenantRows(
    app.database,
    tenantId,
    `insert into event (id, txid, type, payload, at)
     select gen_random_uuid(), ($1 + n)::text::xid8, 'event ' || n, '{}', at
     from unnest($2::timestamptz[]) with ordinality t (at, n) order by n`,
    [firstTxid - 1, instants],
  );

/** Writes that many events, of long ago unless told, a hundred a transaction; answers the first one's position, the others' follow. */
export const writeManyEvents = async (
  app: TestApp,
  tenantId: string,
  count: number,
  at = '2025-01-01Z',
): Promise<number> => {
  const rows = await tenantRows<{ position: string }>(
    app.database,
    tenantId,
    `insert into event (id, txid, type, payload, at)
     select gen_random_uuid(), (10 + n / 100)::text::xid8, 'event ' || n, '{}', $2::timestamptz from generate_series(1, $1::int) n
     returning position`,
    [count, at],
  );
  return Math.min(...rows.map(({ position }) => Number(position)));
};

/** Makes all of the tenant's events old in every respect, but those of this type. */
export const ageEvents = async (app: TestApp, tenantId: string, butType = ''): Promise<void> => {
  const age = (statement: string) => tenantRows(app.database, tenantId, statement);
  await age(`update event set txid = '9' where tenant_id = app.tenant()`);
  await age(`update event set at = '2020-01-01Z' where tenant_id = app.tenant() and type <> '${butType}'`);
  await age(`update booking set event_txid = '9'`);
};

/** The types of the tenant's events that are left, in order. */
export const eventsLeft = async (app: TestApp, tenantId: string): Promise<string[]> =>
  (
    await tenantRows<{ type: string }>(
      app.database,
      tenantId,
      'select type from event where tenant_id = app.tenant() order by txid, position',
    )
  ).map(({ type }) => type);

/** The place of the last event that was deleted, as it is recorded. */
export const retained = async (app: TestApp, tenantId: string) => {
  const [row] = await tenantRows<{ txid: string; position: string }>(
    app.database,
    tenantId,
    'select txid::text, position from event_retention',
  );
  return row ? { txid: row.txid, position: Number(row.position) } : null;
};
