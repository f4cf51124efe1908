import pg from 'pg';

interface WireConnection {
  parse(message: { text: string }): void;
  bind(message: object): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  sync(): void;
}

type Callback = (error: Error | null, results: pg.QueryResult | pg.QueryResult[]) => void;

/** pg's own query object, of which only the constructor is declared in its types. */
const PgQuery = pg.Query as unknown as new (
  config: { name: string | undefined; text: string; values: unknown[] },
  callback: Callback,
) => {
  name: string | undefined;
  prepare(connection: WireConnection): void;
  _getRows(connection: WireConnection, rows: number | undefined): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
};

/** With a name, the connection prepares it once and plans it a few times at most. */
export interface Statement {
  name: string | undefined;
  text: string;
  values: readonly unknown[];
}

const sendPlain = (connection: WireConnection, text: string): void => {
  connection.parse({ text });
  connection.bind({});
  connection.describe({ type: 'P', name: '' });
  connection.execute({});
};

/**
 * A statement before a parameterised one, and perhaps one after it, under a single Sync: one round trip, one implicit
 * transaction, parameters stay parameters.
 */
class PrefixedQuery extends PgQuery {
  readonly prefix: string;
  readonly suffix: string | null;
  readonly statement: string | undefined;

  constructor(prefix: string, { name, text, values }: Statement, suffix: string | null, callback: Callback) {
    super({ name, text, values: [...values] }, callback);
    this.prefix = prefix;
    this.suffix = suffix;
    this.statement = name;
  }

  override prepare(connection: WireConnection): void {
    sendPlain(connection, this.prefix);
    super.prepare(connection);
    // The client notes the name as prepared at the next "parse complete", which is still the prefix's.
    this.name = undefined;
  }

  override _getRows(connection: WireConnection): void {
    connection.execute({});
    if (this.suffix !== null) sendPlain(connection, this.suffix);
    connection.sync();
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    this.name = this.statement;
    super.handleCommandComplete(message, connection);
  }
}

/** Sends the statements as one message and answers their results, in order. */
export const sendTogether = async (
  client: pg.PoolClient,
  prefix: string,
  statement: Statement,
  suffix: string | null = null,
  /** After that many milliseconds without an answer the connection counts as lost. */
  timeoutMs = 0,
): Promise<[prefix: pg.QueryResult, statement: pg.QueryResult, last: pg.QueryResult]> => {
  const results = statement.values.length
    ? await new Promise<pg.QueryResult | pg.QueryResult[]>((resolve, reject) => {
        const query = new PrefixedQuery(prefix, statement, suffix, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
        client.query(Object.assign(query, { query_timeout: timeoutMs }) as unknown as pg.Submittable);
      })
    : ((await client.query({
        text: [prefix, statement.text, ...(suffix === null ? [] : [suffix])].join('; '),
        query_timeout: timeoutMs,
      } as pg.QueryConfig)) as unknown as pg.QueryResult[]);
  const [first, second] = Array.isArray(results) ? results : [];
  const last = Array.isArray(results) ? results.at(-1) : undefined;
  if (!first || !second || !last) throw new Error('the server answered fewer results than statements');
  return [first, second, last];
};
