import type { Analysis } from '../../platform/db/analysis/analyze.ts';
import { cut, grouped, percent, section, size } from './page-parts.ts';

const statements = ({ statements: found }: Analysis): string => {
  const none = found
    ? 'none yet'
    : 'pg_stat_statements is not installed, or the login may not use its schema: preload it, then `create extension pg_stat_statements`.';
  const rows = (found ?? []).map(({ totalMs, calls, meanMs, rows: count, hitRatio, text }) => [
    ...[grouped(totalMs), grouped(calls), meanMs.toFixed(2), grouped(count), percent(hitRatio), cut(text)],
  ]);
  return section('Costliest statements', ['TOTAL MS', 'CALLS', 'MEAN MS', 'ROWS', 'HITS', 'STATEMENT'], rows, none);
};

const tables = ({ tables: found }: Analysis): string =>
  section(
    'Tables',
    ['TABLE', 'ROWS', 'SIZE', 'INDEXES', 'DEAD ROWS', 'SEQUENTIAL SCANS', 'INDEX SCANS'],
    found.map((one) => [
      ...[one.table, grouped(one.rows), size(one.bytes), size(one.indexBytes), grouped(one.deadRows)],
      ...[grouped(one.sequentialScans), grouped(one.indexScans)],
    ]),
    'none',
  );

const indexes = ({ indexes: found, unusedIndexes }: Analysis): string =>
  section(
    'Biggest indexes',
    ['INDEX', 'TABLE', 'SIZE', 'SCANS'],
    found.map(({ index, table, bytes, scans }) => [index, table, size(bytes), grouped(scans)]),
    'none',
  ) +
  section(
    'Unused indexes (on no server, and no constraint needs them)',
    ['INDEX', 'TABLE', 'SIZE'],
    unusedIndexes.map(({ index, table, bytes }) => [index, table, size(bytes)]),
    'none',
  );

const missing = ({ missingIndexes: found }: Analysis): string => {
  const guesses = found.map(({ table, sequentialScans, rowsPerScan, statement, because }) => {
    const read = `${table}: ${grouped(sequentialScans)} times from end to end, ${grouped(rowsPerScan)} rows each`;
    return because ? `${read}\n  ${statement};\n  for: ${cut(because)}\n` : `${read}; no statement tells by what\n`;
  });
  return `Missing indexes, guessed: try them with EXPLAIN\n${guesses.join('') || 'none\n'}\n`;
};

const sessions = ({ longTransactions, hidden }: Analysis): string =>
  section(
    'Long transactions',
    ['PID', 'ROLE', 'APPLICATION', 'OPEN S', 'STATE', 'WAITS FOR', 'STATEMENT'],
    longTransactions.map((one) => [
      ...[String(one.pid), one.role ?? '', one.application, grouped(one.openSeconds), one.state, one.waits ?? '-'],
      cut(one.statement),
    ]),
    'none',
  ) +
  (hidden > 0
    ? `${hidden} sessions of others can’t be looked into: grant pg_read_all_stats to the owner’s login.\n`
    : '');

/** The analysis for people: the first rows of each table. */
export const analysisPage = (analysis: Analysis): string => {
  const since = analysis.countedSince.map((instant) => instant ?? 'the beginning').join(', ');
  const head = `Counted since ${since}. Blocks found in memory: ${percent(analysis.hitRatio)}.\n\n`;
  return [head, ...[statements, tables, indexes, missing, sessions].map((part) => part(analysis))].join('');
};
