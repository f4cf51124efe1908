import pg from 'pg';

interface WireConnection {
  parse(message: { text: string }): void;
  bind(message: object): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
}

type Callback = (error: Error | null, results: pg.QueryResult | pg.QueryResult[]) => void;

/** pg's own query object, of which only the constructor is declared in its types. */
const PgQuery = pg.Query as unknown as new (
  config: { name: string | undefined; text: string; values: unknown[] },
  callback: Callback,
) => {
  name: string | undefined;
  prepare(connection: WireConnection): void;
  handleCommandComplete(message: unknown, connection: WireConnection): void;
};

/** With a name, the connection prepares it once and plans it a few times at most. */
export interface Statement {
  name: string | undefined;
  text: string;
  values: readonly unknown[];
}

/** A statement before a parameterised one under a single Sync: one round trip, one implicit transaction, parameters stay parameters. */
class PrefixedQuery extends PgQuery {
  readonly prefix: string;
  readonly statement: string | undefined;

  constructor(prefix: string, { name, text, values }: Statement, callback: Callback) {
    super({ name, text, values: [...values] }, callback);
    this.prefix = prefix;
    this.statement = name;
  }

  override prepare(connection: WireConnection): void {
    connection.parse({ text: this.prefix });
    connection.bind({});
    connection.describe({ type: 'P', name: '' });
    connection.execute({});
    super.prepare(connection);
    // The client notes the name as prepared at the next "parse complete", which is still the prefix's.
    this.name = undefined;
  }

  override handleCommandComplete(message: unknown, connection: WireConnection): void {
    this.name = this.statement;
    super.handleCommandComplete(message, connection);
  }
}

/** Sends `prefix` and `text` as one message and answers both results. */
export const sendPrefixed = async (
  client: pg.PoolClient,
  prefix: string,
  statement: Statement,
): Promise<[pg.QueryResult, pg.QueryResult]> => {
  const results = statement.values.length
    ? await new Promise<pg.QueryResult | pg.QueryResult[]>((resolve, reject) => {
        const query = new PrefixedQuery(prefix, statement, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
        client.query(query as unknown as pg.Submittable);
      })
    : ((await client.query(`${prefix}; ${statement.text}`)) as unknown as pg.QueryResult[]);
  const [first, last] = Array.isArray(results) ? [results[0], results.at(-1)] : [undefined, undefined];
  if (!first || !last) throw new Error('the server answered fewer results than statements');
  return [first, last];
};
