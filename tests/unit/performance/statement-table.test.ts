import { expect, test } from 'vitest';
import { newScope, runInScope } from '../../../src/platform/db/scope.ts';
import { createProcedureSamples, SAMPLED_OF } from '../../../src/platform/telemetry/procedure-samples.ts';
import { createStatementTable } from '../../../src/platform/telemetry/statement-table.ts';

test('statements that differ in literals only are one kind, shown without them', () => {
  const { onStatement, kinds } = createStatementTable();
  onStatement("select id from guest where name = 'Ada' and age > 30", 5, 'primary');
  onStatement("select id from guest where name = 'Bob' and age > 7", 1, 'replica');
  onStatement('commit', 1, 'primary');
  expect(kinds()).toEqual([
    expect.objectContaining({
      text: 'select id from guest where name = ? and age > ?',
      ...{ calls: 2, totalMs: 6, maxMs: 5, onReplicas: 1 },
    }),
  ]);
});

test('what runs more than five times in one request is suspected, in several it is not', async () => {
  const { onStatement, kinds } = createStatementTable();
  const request = (times: number) =>
    runInScope(newScope(null), async () => {
      for (let run = 0; run < times; run++) onStatement(`select ${run} from stay where id = 'x${run}'`, 1, 'primary');
    });
  for (let requests = 0; requests < 8; requests++) await request(5);
  expect(kinds()).toMatchObject([{ calls: 40, mostInOne: 5, repeatedIn: 0 }]);
  await request(6);
  await request(9);
  expect(kinds()).toMatchObject([{ mostInOne: 9, repeatedIn: 2 }]);
});

test('it remembers a bounded number of kinds, however many there are', () => {
  const { onStatement, kinds } = createStatementTable();
  for (let n = 0; n < 3_000; n++) onStatement(`select c${n} from t`, 1, 'primary');
  expect(kinds().length).toBeLessThanOrEqual(500);
  expect(kinds().map(({ text }) => text)).toContain('select c2999 from t');
});

test('one of 32 calls of a procedure is looked at, and those beside which others ran are told apart', () => {
  const { begin, all } = createProcedureSamples();
  for (let call = 0; call < SAMPLED_OF; call++) begin('a')();
  expect(all()).toMatchObject([{ procedure: 'a', calls: SAMPLED_OF, sampled: 1, shared: 0 }]);
  const endB = begin('b');
  begin('c')();
  endB();
  expect(all()).toMatchObject([{}, { procedure: 'b', shared: 1 }, { procedure: 'c', shared: 1 }]);
});
