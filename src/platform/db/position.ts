import pg from 'pg';
import type { ConsistencyToken } from '../../kernel/consistency-token.ts';
import { bytesAt, newerToken, olderToken } from '../../kernel/consistency-token.ts';
import type { Versions } from '../../kernel/versions.ts';
import { statementLimit, statementLimitMs } from './deadline.ts';
import type { Position, Statement } from './prefixed-query.ts';
import type { Scope } from './scope.ts';
import type { Wording } from './wording.ts';

/** Where a database stands, whichever side it is. */
export const LSN = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end';

/** The same with the timeline, which a standby can't tell here. */
const POSITION = `${LSN} as lsn,
  case when pg_is_in_recovery() then null else substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) end as timeline`;

/** The position after a statement: whatever that has seen was there. */
export const POSITION_AFTER = `select ${POSITION}`;

/** Sets the tenant for one message or transaction, and what the scope's deadline leaves for a statement. */
export const setTenant = (scope: Scope, { settings }: Wording): string => {
  const tenant = `select set_config('app.tenant', ${pg.escapeLiteral(scope.tenant ?? '')}, true)${settings}`;
  const limit = statementLimit(scope.deadline);
  return limit === null ? tenant : `${tenant}, ${limit}`;
};

/** The same for a transaction that may write events: each keeps the trace that it was written in. */
export const setTenantAndTrace = (scope: Scope, wording: Wording): string => {
  const tenant = setTenant(scope, wording);
  if (!scope.trace) return tenant;
  return `${tenant}, set_config('app.trace_parent', ${pg.escapeLiteral(scope.trace.parent)}, true)`;
};

/** As setTenant, with the position before the statement that follows, whose snapshot is taken later. */
export const setTenantAt = (scope: Scope, { settings, prepare }: Wording): Statement => {
  const tenant = scope.tenant ?? '';
  const text = `select set_config('app.tenant', $1, true)${settings}`;
  const limitMs = statementLimitMs(scope.deadline);
  if (limitMs === null) return prepare(`${text}, ${POSITION}`, [tenant]);
  return prepare(`${text}, set_config('statement_timeout', $2, true), ${POSITION}`, [tenant, String(limitMs)]);
};

/** A row of POSITION; null where a standby has replayed nothing yet, or where it stands on a timeline that isn't known. */
export const positionIn = (row: Position | null, knownTimeline: string | null = null): ConsistencyToken | null => {
  const timeline = row?.timeline ?? knownTimeline;
  return row?.lsn && timeline ? { lsn: row.lsn, timeline } : null;
};

/** The same of a result. */
export const positionOf = (result: pg.QueryResult, knownTimeline: string | null = null): ConsistencyToken | null =>
  positionIn((result.rows[0] as Position | undefined) ?? null, knownTimeline);

/** Whether the server that such a row is of takes writes. */
export const isLeading = (row: Position | null): boolean => row?.timeline != null;

/** Notes what a read has included and what it may have seen. */
export const noteRead = (versions: Versions, before: ConsistencyToken, after: ConsistencyToken): void => {
  versions.includes = olderToken(versions.includes, before);
  versions.seen = newerToken(versions.seen, after);
};

/** Notes a commit: what comes next has to be as new. */
export const noteCommit = (versions: Versions, position: ConsistencyToken): void => {
  versions.seen = newerToken(versions.seen, position);
  versions.asked = newerToken(versions.asked, position);
};

/** Positions are handed out before their log is on disk, so a crash can take back as much as PostgreSQL buffers of it at most. */
const LOST_IN_A_CRASH = 16 * 1024 * 1024;

/** True for a token that no answer of this database can have held: of a later timeline, or beyond what was ever written. */
export const isOfTheFuture = (token: ConsistencyToken | null, primary: ConsistencyToken): boolean =>
  token !== null &&
  (token.timeline > primary.timeline ||
    (token.timeline === primary.timeline && bytesAt(token.lsn) > bytesAt(primary.lsn) + LOST_IN_A_CRASH));
