import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '../../kernel/clock.ts';
import { type AskedCall, type AskedOften, cachePolicies, leastScore, scoreOf } from '../../platform/cache/index.ts';
import type { Database } from '../../platform/db/database.ts';
import { newScope } from '../../platform/db/scope.ts';

/** So many are remembered of a tenant and type for each that may be filled ahead. */
const REMEMBERED_FOR_EACH = 2;

const REMEMBERED = JSON.stringify(
  Object.entries(cachePolicies).map(([type, { warm }]) => ({ type, most: REMEMBERED_FOR_EACH * warm })),
);

const digestOf = ({ path, input }: AskedCall): string =>
  createHash('sha256').update(`${path} ${input}`).digest('base64url');

/** Where somebody is or looks: too exact to be asked for by others. */
const POSITIONS = new Set(['near', 'box', 'latitude', 'longitude']);

const hasPosition = (input: string): boolean => {
  let found = false;
  JSON.parse(input, (key, value) => {
    found ||= POSITIONS.has(key);
    return value;
  });
  return found;
};

/** What is asked for most, counted by all processes together and remembered beyond their ends. */
export const createAskedAnswers = ({ database, clock }: { database: Database; clock: Clock }) => ({
  /** Of some tenants, or of all for null, the most asked for first. */
  async load(most: number, tenants: ReadonlySet<string> | null): Promise<AskedCall[]> {
    const wanted = tenants && [...tenants];
    const { rows } = await database.read(newScope(null), 'primary', (db) =>
      sql<AskedCall>`
        select tenant_id as tenant, type, path, input from app.most_asked(${most}, ${wanted}::uuid[])`.execute(db),
    );
    return rows.filter(({ type }) => type in cachePolicies);
  },
  /** Adds to what is remembered of the tenant, without positions, and forgets what is asked for least or no more. */
  async save(tenant: string, asked: readonly AskedOften[]): Promise<void> {
    const now = clock.nowMs();
    const counted = asked
      .filter(({ input }) => !hasPosition(input))
      .map((call) => ({ ...call, digest: digestOf(call), score: scoreOf(call.count, now) }))
      // In one order, so that processes don't wait for each other in a circle.
      .toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    await database.transaction(newScope(tenant), async ({ sql: db }) => {
      await sql`
        insert into asked_answer as a (digest, type, path, input, score)
        select c.digest, c.type, c.path, c.input, c.score
        from json_to_recordset(${JSON.stringify(counted)}::json)
          as c (digest text, type text, path text, input text, score double precision)
        on conflict (tenant_id, digest) do update set score =
          greatest(a.score, excluded.score)
            + ln(1 + power(2::double precision, -least(abs(a.score - excluded.score), 60))) / ln(2::double precision)
      `.execute(db);
      await sql`
        delete from asked_answer where tenant_id = app.tenant() and digest in (
          select r.digest from (
            select digest, type, row_number() over (partition by type order by score desc, digest) as place
            from asked_answer where tenant_id = app.tenant()) r
          join json_to_recordset(${REMEMBERED}::json) as m (type text, most integer) on m.type = r.type
          where r.place > m.most) or tenant_id = app.tenant() and score < ${leastScore(now)}
      `.execute(db);
    });
  },
});
