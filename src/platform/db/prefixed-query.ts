import pg from 'pg';

interface WireConnection {
  /** By name: what the server has prepared, and what it was told to. */
  parsedStatements: Record<string, string | undefined>;
  submittedNamedStatements: Record<string, string | undefined>;
  parse(message: { text: string; name?: string | undefined }): void;
  bind(message: { statement?: string | undefined; values: readonly unknown[] }): void;
  execute(message: object): void;
  sync(): void;
}

type Callback = (error: Error | null, result: pg.QueryResult) => void;

/** pg's own query object, of which only the constructor is declared in its types. */
const PgQuery = pg.Query as unknown as new (
  config: { name: string | undefined; text: string; values: unknown[]; queryMode: 'extended' },
  callback: Callback,
) => {
  name: string | undefined;
  text: string;
  prepare(connection: WireConnection): void;
  _getRows(connection: WireConnection, rows: number | undefined): void;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
  handleError(error: Error, connection: WireConnection): void;
};

/** With a name, the connection prepares it once and plans it a few times at most; values are text where it is no main one. */
export interface Statement {
  name: string | undefined;
  text: string;
  values: readonly unknown[];
}

/** A row of a statement before or after the main one, of which the last two columns are read. */
export interface Position {
  lsn: string | null;
  timeline: string | null;
}

/** What the statements answer; the main one as usual. */
export interface Together {
  before: Position | null;
  result: pg.QueryResult;
  after: Position | null;
}

export const unprepared = (text: string): Statement => ({ name: undefined, text, values: [] });

/** Without a description of its row, which is known. */
const send = (connection: WireConnection, { name, text, values }: Statement): void => {
  const isKnown = name && (connection.parsedStatements[name] ?? connection.submittedNamedStatements[name]);
  if (!isKnown) {
    connection.parse({ text, name });
    if (name) connection.submittedNamedStatements[name] = text;
  }
  connection.bind({ statement: name, values });
  connection.execute({});
};

const MAIN = 1;

/**
 * A statement before a parameterised one, and perhaps one after it, under a single Sync: one round trip, one implicit
 * transaction, parameters stay parameters.
 */
class PrefixedQuery extends PgQuery {
  readonly #parts: readonly Statement[];
  /** Which of them the server answers now. */
  #at = 0;
  readonly positions: Position[] = [];

  constructor(parts: readonly [before: Statement, main: Statement, ...after: Statement[]], callback: Callback) {
    const { name, text, values } = parts[MAIN];
    super({ name, text, values: [...values], queryMode: 'extended' }, callback);
    this.#parts = parts;
  }

  override prepare(connection: WireConnection): void {
    const [before] = this.#parts;
    if (before) send(connection, before);
    super.prepare(connection);
    this.#goOn(0);
  }

  override _getRows(connection: WireConnection): void {
    connection.execute({});
    const after = this.#parts[MAIN + 1];
    if (after) send(connection, after);
    connection.sync();
  }

  override handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.#at === MAIN) {
      super.handleDataRow(message);
      return;
    }
    const [lsn = null, timeline = null] = message.fields.slice(-2);
    this.positions[this.#at] = { lsn, timeline };
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    if (this.#at === MAIN) super.handleCommandComplete(message, connection);
    this.#goOn(this.#at + 1);
  }

  override handleError(error: Error, connection: WireConnection): void {
    // What follows a fault is not prepared.
    for (const { name } of this.#parts) if (name) delete connection.submittedNamedStatements[name];
    super.handleError(error, connection);
  }

  /** The client notes at each "parse complete" that what it finds here is prepared. */
  #goOn(part: number): void {
    this.#at = part;
    this.name = this.#parts[part]?.name;
    this.text = this.#parts[part]?.text ?? '';
  }
}

/** With its values, all of them text, in it. */
const inlined = ({ text, values }: Statement): string =>
  text.replaceAll(/\$(\d+)/g, (_, number) => pg.escapeLiteral(String(values[Number(number) - 1])));

const positionIn = (result: pg.QueryResult): Position | null => (result.rows[0] as Position | undefined) ?? null;

const tooFew = () => new Error('the server answered fewer results than statements');

/** Sends the statements as one message and answers their results. */
export const sendTogether = async (
  client: pg.PoolClient,
  before: Statement,
  main: Statement,
  after: Statement | null = null,
  /** After that many milliseconds without an answer the connection counts as lost. */
  timeoutMs = 0,
): Promise<Together> => {
  if (main.values.length === 0) {
    const text = [inlined(before), main.text, ...(after ? [inlined(after)] : [])].join('; ');
    const results: unknown = await client.query({ text, query_timeout: timeoutMs } as pg.QueryConfig);
    const [first, result] = Array.isArray(results) ? (results as pg.QueryResult[]) : [];
    const last = Array.isArray(results) ? (results.at(-1) as pg.QueryResult) : undefined;
    if (!first || !result || !last) throw tooFew();
    return { before: positionIn(first), result, after: positionIn(last) };
  }
  return new Promise((resolve, reject) => {
    const query: PrefixedQuery = new PrefixedQuery(after ? [before, main, after] : [before, main], (error, result) => {
      const [before = null, , last = null] = query.positions;
      if (error) reject(error);
      else resolve({ before, result, after: last });
    });
    client.query(Object.assign(query, { query_timeout: timeoutMs }) as unknown as pg.Submittable);
  });
};
