import pg from 'pg';
import { POSITION_AFTER } from './position.ts';
import { type Statement, unprepared } from './prefixed-query.ts';
import { named } from './statement-names.ts';

export interface SessionSettings {
  /** The role that every connection takes; it must not be able to bypass row-level security. */
  role: string;
  statementTimeoutMs: number;
  idleTransactionTimeoutMs: number;
  /** Connections go by way of a pooler in transaction mode: nothing that is said to one lasts beyond a transaction. */
  pooled: boolean;
}

/** How what is said to a database is put. */
export interface Wording {
  /** The startup option of a connection, where it lasts. */
  startup: string | undefined;
  /** Columns that set the same for one message or transaction, where it does not; else empty. */
  settings: string;
  prepare(text: string, values: readonly unknown[]): Statement;
  /** Asks for the position after a statement. */
  after: Statement;
}

const unnamed = (text: string, values: readonly unknown[]): Statement => ({ name: undefined, text, values });

const after = unprepared(POSITION_AFTER);

export const wordingOf = ({ role, statementTimeoutMs, idleTransactionTimeoutMs, pooled }: SessionSettings): Wording => {
  const settings = {
    role,
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(idleTransactionTimeoutMs),
    timezone: 'UTC',
    jit: 'off',
  };
  if (!pooled) {
    const startup = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    return { startup: startup.join(' '), settings: '', prepare: named, after: { ...after, name: 'after' } };
  }
  const columns = Object.entries(settings).map(
    ([name, value]) => `, set_config('${name}', ${pg.escapeLiteral(value)}, true)`,
  );
  return { startup: undefined, settings: columns.join(''), prepare: unnamed, after };
};
