import { sql } from 'kysely';
import { leastScore } from '../../platform/cache/index.ts';
import { type Bench, type Bites, bite } from './bites.ts';

/** Deletes the calls that nobody asks for any more, also of tenants who ask for nothing; what is kept of one is bounded. */
export async function* forgetAskedAnswers(bench: Bench, nowMs: number): Bites {
  const { numAffectedRows } = await bite(bench, (db) =>
    sql`delete from asked_answer where tenant_id = app.tenant() and score < ${leastScore(nowMs)}`.execute(db),
  );
  yield Number(numAffectedRows ?? 0);
}
