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
  config: { text: string; values: unknown[] },
  callback: Callback,
) => { prepare(connection: WireConnection): void };

/** A statement before a parameterised one under a single Sync: one round trip, one implicit transaction, parameters stay parameters. */
class PrefixedQuery extends PgQuery {
  readonly prefix: string;

  constructor(prefix: string, text: string, values: unknown[], callback: Callback) {
    super({ text, values }, callback);
    this.prefix = prefix;
  }

  override prepare(connection: WireConnection): void {
    connection.parse({ text: this.prefix });
    connection.bind({});
    connection.describe({ type: 'P', name: '' });
    connection.execute({});
    super.prepare(connection);
  }
}

/** Sends `prefix` and `text` as one message and answers both results. */
export const sendPrefixed = async (
  client: pg.PoolClient,
  prefix: string,
  text: string,
  values: readonly unknown[],
): Promise<[pg.QueryResult, pg.QueryResult]> => {
  const results = values.length
    ? await new Promise<pg.QueryResult | pg.QueryResult[]>((resolve, reject) => {
        const query = new PrefixedQuery(prefix, text, [...values], (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
        client.query(query as unknown as pg.Submittable);
      })
    : ((await client.query(`${prefix}; ${text}`)) as unknown as pg.QueryResult[]);
  const [first, last] = Array.isArray(results) ? [results[0], results.at(-1)] : [undefined, undefined];
  if (!first || !last) throw new Error('the server answered fewer results than statements');
  return [first, last];
};
