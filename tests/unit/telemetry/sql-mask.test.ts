import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskSql } from '../../../src/platform/telemetry/sql-mask.ts';

test.for([
  ["select 'it''s' from guest", 'select ? from guest'],
  [String.raw`select E'a\'b', 'c' from t`, 'select ?, ? from t'],
  ['select $body$ it is $$ fine $body$', 'select ?'],
  ['select 12, -3.5e7, 1_000 from t where x = $1', 'select ?, -?, ? from t where x = $1'],
  [`select "odd 'name'", t2.c3 from t2`, `select "odd 'name'", t2.c3 from t2`],
  ["select 1 -- don't\n from t /* 'x */ limit 5", 'select ? from t limit ?'],
  ["select 'cut off", 'select ?'],
])('%s is shown as %s', ([statement, shown]) => {
  expect(maskSql(statement ?? '')).toBe(shown);
});

test('a statement without end is cut', () => {
  expect(maskSql(`select ${'x, '.repeat(100_000)}`)).toHaveLength(2_000);
});

test('no text inside a literal is ever shown', () => {
  const secret = fc.stringMatching(/^[a-z]{12,20}$/);
  const around = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(secret, around, around, (word, before, after) => {
      const literal = `'${`${before}${word}${after}`.replaceAll("'", "''")}'`;
      expect(maskSql(`select * from t where a = ${literal} and b = $1`)).not.toContain(word);
    }),
  );
});
