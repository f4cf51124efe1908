import type { Trace, TracedFailure } from '../../kernel/tracing.ts';

interface RunStatement {
  text: string;
  /** By performance.now(). */
  startedAt: number;
  target: 'primary' | 'replica';
}

const FIRST_WORD = /^\W*(\w{1,20})/;

/** Adds a statement that has just ended to what is recorded, and to what it was run for where it ran. */
export const traceStatement = (
  trace: Trace,
  { text, startedAt, target }: RunStatement,
  failure?: TracedFailure,
): void => {
  const operation = FIRST_WORD.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  trace.tell({ [`innkeeper.database.${target}`]: true });
  const facts = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.text': text,
    'innkeeper.database.target': target,
    ...(failure && { 'db.response.status_code': failure.type }),
  };
  trace.begin({ name: operation, kind: 'client', startedAt, facts }).end(failure);
};
