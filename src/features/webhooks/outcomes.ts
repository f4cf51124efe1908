import { sql } from 'kysely';
import type { Sql } from '../../platform/db/database.ts';
import { WITHOUT_WAITING } from '../events/index.ts';
import { lineUp } from './line-up.ts';

/** What one try came to. */
export interface Outcome {
  deliveryId: string;
  bookingId: string | null;
  /** Of tries before this one; what has been changed meanwhile, by a replay or another worker, is left alone. */
  tries: number;
  state: 'pending' | 'delivered' | 'dead';
  /** When to try again, while pending. */
  nextTryAt: string;
  attempt: {
    at: string;
    milliseconds: number;
    /** Null when no answer came. */
    status: number | null;
    error: string | null;
    /** The start of the answer. */
    answer: string;
  };
}

/**
 * Notes what tries came to, and whether the endpoint is failing: it is from its first failure to its next success.
 * Answers since when it had been failing, or null when it was not or something has arrived.
 */
export const noteOutcomes = async (
  db: Sql,
  endpointId: string,
  outcomes: readonly Outcome[],
  nowIso: string,
): Promise<string | null> => {
  const locked = await sql<{ failingSince: string | null }>`
    select failing_since as "failingSince", ${WITHOUT_WAITING} from webhook_endpoint
    where tenant_id = app.tenant() and id = ${endpointId} for no key update`.execute(db);
  const [endpoint] = locked.rows;
  if (!endpoint) return null;
  await sql`
    update webhook_delivery d
    set state = o.state, tries = d.tries + 1, next_try_at = o.next_try_at, attempts = d.attempts || o.attempt,
      finished_at = case when o.state <> 'pending' then ${nowIso}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(
      outcomes.map(({ deliveryId, tries, state, nextTryAt, attempt }) => ({
        ...{ id: deliveryId, tries, state, next_try_at: nextTryAt, attempt },
      })),
    )}::jsonb) as o (id uuid, tries integer, state text, next_try_at timestamptz, attempt jsonb)
    where d.tenant_id = app.tenant() and d.id = o.id and d.state = 'pending' and d.tries = o.tries`.execute(db);
  await lineUp(
    db,
    outcomes.map(({ bookingId }) => ({ endpointId, bookingId })),
    nowIso,
  );
  const reached = outcomes.some(({ state }) => state === 'delivered');
  await sql`
    update webhook_endpoint set failing_since = ${reached ? null : nowIso}
    where tenant_id = app.tenant() and id = ${endpointId}
      and ${reached ? sql`failing_since is not null` : sql`failing_since is null`}`.execute(db);
  return reached ? null : endpoint.failingSince;
};

/** Switches an endpoint off and says so in an event; does nothing when it is off already. */
export const disableEndpoint = async (db: Sql, endpointId: string, reason: string, nowIso: string): Promise<void> => {
  const { numAffectedRows = 0n } = await sql`
    update webhook_endpoint set active = false, disabled_reason = ${reason}, updated_at = ${nowIso}
    where tenant_id = app.tenant() and id = ${endpointId} and active`.execute(db);
  if (numAffectedRows === 0n) return;
  const payload = JSON.stringify({ endpointId });
  await sql`select app.append_event('webhook.disabled', ${payload}::jsonb, ${nowIso})`.execute(db);
};
