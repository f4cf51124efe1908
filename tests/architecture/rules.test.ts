import { describe, expect, it } from 'vitest';
import { violations } from './rules.ts';

const faultsOf = (path: string, source: string) => violations(new Map([[path, source]]));

describe('the architecture check', () => {
  it.each([
    ['src/kernel/x.ts', "import { sql } from '../platform/db/database.ts';", 'must not import'],
    ['src/kernel/x.ts', "import { readFileSync } from 'node:fs';", 'I/O in the kernel'],
    ['src/platform/db/x.ts', "import { y } from '../cache/y.ts';", 'must not import'],
    ['src/platform/db/x.ts', "import { y } from '../../features/rates/index.ts';", 'must not import'],
    ['src/transport/http/x.ts', "import { y } from '../../features/rates/index.ts';", 'must not import'],
    ['src/features/rates/x.ts', "import { y } from '../bookings/entity.ts';", 'must not import'],
    ['src/features/rates/x.ts', "export { y } from '../bookings/entity.ts';", 'must not import'],
    ['src/features/rates/x.ts', "import { y } from '../../transport/http/app.ts';", 'must not import'],
    ['src/features/rates/x.ts', "import { y } from '../../compose.ts';", 'must not import'],
    ['src/client/x.ts', "import { y } from '../features/rates/index.ts';", 'must not import'],
    ['src/client/x.ts', "import { y } from './build/build.ts';", 'must not import'],
    ['src/features/rates/x.ts', 'const port = process.env.PORT;', 'environment'],
    ['src/features/rates/x.ts', 'const at = Date.now();', 'clock'],
    ['src/features/rates/x.ts', 'const at = new Date();', 'clock'],
    ['src/migrations/x.sql', 'insert into t values (now());', 'clock'],
    ['src/features/rates/x.ts', 'sql`select count(*) > 0 as any from rate_plan`', 'exists'],
    ['src/features/rates/x.ts', 'sql`select from t having count(*)>=1`', 'exists'],
    ['src/migrations/x.sql', 'if 0 < count(*) then', 'exists'],
    ['src/features/rates/x.ts', 'sql`select * from rate_plan`', 'name them'],
    ['src/features/rates/x.ts', 'sql`with x as (select a from b) select distinct on (a) * from x`', 'name them'],
    ['src/features/rates/x.ts', 'sql`update t set a = 1 returning *`', 'name them'],
    ['src/features/rates/x.ts', "db.selectFrom('rate_plan').selectAll()", 'name them'],
  ])('bites: %s with %s', (path, source, says) => {
    expect(faultsOf(path, source)).toEqual([expect.stringContaining(says)]);
  });

  it('names features that import each other in a circle', () => {
    const sources = new Map([
      ['src/features/a/x.ts', "import { y } from '../b/index.ts';"],
      ['src/features/b/x.ts', "import { y } from '../a/index.ts';"],
    ]);
    expect(violations(sources)).toEqual([expect.stringContaining('features/a -> features/b -> features/a')]);
  });

  it.each([
    ['src/features/rates/router.ts', "import { procedure } from '../../transport/trpc/procedures.ts';"],
    ['src/features/rates/x.ts', "import { y } from '../properties/index.ts';"],
    ['src/features/rates/x.ts', "import { y } from '../../kernel/dates.ts';"],
    ['src/features/rates/x.ts', 'sql`select id from (select * from rate_plan limit 3) p having count(*) >= 10`'],
    ['src/features/rates/x.ts', 'sql`select count(*) as n from t where exists (select from u) and a > 0`'],
    ['src/compose.ts', "import { y } from './features/rates/index.ts';"],
    ['src/client/build/x.ts', "import { y } from '../../transport/openapi/operations.ts';"],
    ['src/platform/telemetry/x.ts', "import type { y } from '../db/database.ts';"],
  ])('lets pass: %s with %s', (path, source) => {
    expect(faultsOf(path, source)).toEqual([]);
  });
});
