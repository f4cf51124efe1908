import type { IndexFacts, TableFacts } from './relations.ts';

export interface MissingIndex {
  table: string;
  /** Sequential scans, and how many rows each has read on average. */
  sequentialScans: number;
  rowsPerScan: number;
  /** Would make the index; null where no statement tells by which columns. */
  statement: string | null;
  /** The statement that was looked at. */
  because: string | null;
}

/** A table is read from end to end too often when it was so many times, with so many rows each. */
const SCANS = 10;
const ROWS_PER_SCAN = 1_000;

const COMPARED = /(?:\b(\w+)\.)?"?\b(\w+)"?\s*(=|>=|<=|<|>|\bin\b|\bbetween\b)\s*(?:\$\d|any\b|\(\s*\$\d)/gi;

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

/** The names under which a statement knows the table; empty when it does not read it. */
const namesIn = (text: string, table: string): Set<string> => {
  const mention = new RegExp(
    `\\b(?:from|join|update|into)\\s+(?:public\\.)?"?${table}"?(?:\\s+(?:as\\s+)?(\\w+))?`,
    'gi',
  );
  return new Set([...text.matchAll(mention)].flatMap(([, alias]) => (alias ? [table, alias.toLowerCase()] : [table])));
};

/** The columns that a statement compares with values: those with `=` first, then one range. */
const comparedColumns = (text: string, table: string, known: ReadonlySet<string>): string[] => {
  const names = namesIn(text, table);
  if (names.size === 0) return [];
  const equal = new Set<string>();
  const ranges = new Set<string>();
  for (const [, owner, column = '', operator = ''] of text.matchAll(COMPARED)) {
    if (!known.has(column) || (owner !== undefined && !names.has(owner.toLowerCase()))) continue;
    (/^(=|in)$/i.test(operator) ? equal : ranges).add(column);
  }
  const [range] = [...ranges].filter((column) => !equal.has(column));
  return [...equal, ...(range === undefined ? [] : [range])];
};

const beginsWith = (index: IndexFacts, columns: readonly string[]): boolean => {
  const first = new Set(index.columns.slice(0, columns.length));
  return columns.every((column) => first.has(column));
};

/**
 * Guesses which indexes are missing: for tables that are read from end to end, one over the columns that the costliest
 * statement on them compares, after the tenant, by which row-level security filters. A guess: try it with EXPLAIN.
 */
export const missingIndexes = (
  tables: readonly TableFacts[],
  indexes: readonly IndexFacts[],
  columnsOf: ReadonlyMap<string, ReadonlySet<string>>,
  statements: readonly { text: string }[],
): MissingIndex[] =>
  tables
    .filter(
      ({ sequentialScans, rowsScanned }) => sequentialScans >= SCANS && rowsScanned / sequentialScans >= ROWS_PER_SCAN,
    )
    .map(({ table, sequentialScans, rowsScanned }) => {
      const known = columnsOf.get(table) ?? new Set<string>();
      const theirs = indexes.filter((index) => index.table === table);
      const guess = statements
        .map(({ text }) => {
          const compared = comparedColumns(text, table, known).filter((column) => column !== 'tenant_id');
          return { text, columns: [...(known.has('tenant_id') ? ['tenant_id'] : []), ...compared], compared };
        })
        .find(({ columns, compared }) => compared.length > 0 && !theirs.some((index) => beginsWith(index, columns)));
      return {
        table,
        sequentialScans,
        rowsPerScan: Math.round(rowsScanned / sequentialScans),
        statement: guess
          ? `create index concurrently on ${quoted(table)} (${guess.columns.map(quoted).join(', ')})`
          : null,
        because: guess?.text ?? null,
      };
    });
