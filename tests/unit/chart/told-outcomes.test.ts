import { expect, test } from 'vitest';
import { toldOutcomes } from '../../chart/checks/told-outcomes.ts';

const outcomesOf = (stdout: string, status = 0) => toldOutcomes('node it.ts', { status, stdout, stderr: '' });

test('each line of a script of ours is an outcome', () => {
  const stdout = 'ok one\nFAILED another\nwhy it failed\n';
  expect(outcomesOf(stdout, 1)).toEqual([
    { name: 'one', faults: [] },
    { name: 'another', faults: [stdout.trim()] },
  ]);
});

test('so is each test of Node’s runner, but no suite, and none twice', () => {
  const stdout = '▶ TLS\n  ✔ a (1.5ms)\n  ✔ b (2ms)\n✔ TLS (4ms)\nℹ tests 2\nℹ pass 2\n\n✖ failing tests:\n✖ b (2ms)\n';
  expect(outcomesOf(stdout)).toEqual([
    { name: 'a', faults: [] },
    { name: 'b', faults: [] },
  ]);
});

test('a program that says nothing is one outcome, by its status', () => {
  expect(outcomesOf('')).toEqual([{ name: 'node it.ts', faults: [] }]);
  expect(outcomesOf('', 1)).toHaveLength(1);
});

test('a program that ends badly fails even where every line is well', () => {
  expect(outcomesOf('ok one\n', 1).filter(({ faults }) => faults.length > 0)).toHaveLength(1);
});
