import { beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../../src/platform/telemetry/logs.ts';
import { PLAN_EVERY_MS, type PlanStatement, slowStatements } from '../../../src/platform/telemetry/slow-statements.ts';
import { textLine } from '../../../src/platform/telemetry/text-lines.ts';

const lines: Record<string, unknown>[] = [];
const log = createLog({
  level: 'info',
  format: 'json',
  stream: { write: (text) => lines.push(JSON.parse(text)) },
});
beforeEach(() => {
  lines.length = 0;
});

const PLAN = [
  'Index Scan using guest_email on guest g  (cost=0.42..8.44 rows=1 width=16)',
  "  Index Cond: ((tenant_id = $1) AND (email = 'ada@example.org'::text))",
  '  ->  Limit  (cost=0.00..1.00 rows=7 width=4)',
];

const opened = (answer: PlanStatement = async () => PLAN) => {
  const plan = vi.fn(answer);
  let now = 1;
  const write = slowStatements(log, plan, () => now);
  return {
    plan,
    pass: (ms: number) => {
      now += ms;
    },
    async run(text: string) {
      const before = lines.length;
      write(text, 700, 'replica');
      await vi.waitUntil(() => lines.length > before);
      return lines.at(-1);
    },
  };
};

test('the first slow statement of a kind comes with its plan, both without literals', async () => {
  const { run } = opened();
  expect(await run("select * from guest where email = 'ada@example.org' and n = 7")).toMatchObject({
    level: 'warn',
    msg: 'slow statement',
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    milliseconds: 700,
    target: 'replica',
    sql: 'select * from guest where email = ? and n = ?',
    plan: [
      'Index Scan using guest_email on guest g  (cost=0.42..8.44 rows=1 width=16)',
      '  Index Cond: ((tenant_id = $1) AND (email = ?::text))',
      '  ->  Limit  (cost=0.00..1.00 rows=7 width=4)',
    ].join('\n'),
  });
});

test('literals make no other kind, and a kind is planned again after five minutes only', async () => {
  const { run, plan, pass } = opened();
  const first = await run("select 'ada'");
  const second = await run("select 'grace'");
  expect(second).toMatchObject({ fingerprint: first?.fingerprint });
  expect(second).not.toHaveProperty('plan');
  expect((await run('select a'))?.fingerprint).not.toBe(first?.fingerprint);
  pass(PLAN_EVERY_MS - 1);
  await run("select 'ada'");
  expect(plan.mock.calls).toEqual([["select 'ada'"], ['select a']]);
  pass(2);
  expect(await run("select 'ada'")).toHaveProperty('plan');
});

test.for([async () => null, async () => Promise.reject(new Error('no connection'))])(
  'without a plan the line comes all the same, and the next one asks again',
  async (answer) => {
    const { run, plan } = opened(answer);
    expect(await run('select a')).not.toHaveProperty('plan');
    await run('select a');
    expect(plan).toHaveBeenCalledTimes(2);
  },
);

test('for the eye a plan stands below its line', () => {
  const json = JSON.stringify({ level: 'warn', time: 0, msg: 'slow statement', sql: 'select a', plan: 'Sort\n  Scan' });
  expect(textLine(json, {})).toMatch(/warn {2}slow statement sql="select a"\n {4}Sort\n {6}Scan\n$/);
});
