import { expect, test } from 'vitest';
import { startProgress } from '../../../src/cli/progress.ts';

const startedOn = (isTTY: boolean, columns = 40) => {
  let text = '';
  let nowMs = 0;
  const stream = {
    isTTY,
    columns,
    write: (chunk: string) => {
      text += chunk;
    },
  };
  const progress = startProgress('Loading', stream, () => nowMs);
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { progress, text: () => text, wait };
};

test('elsewhere than on a terminal it is a line at the start, one at the first step and one every ten seconds', () => {
  const { progress, text, wait } = startedOn(false);
  for (let done = 0; done <= 25; done += 1) {
    progress.at(done * 1_000, 119_390);
    wait(1_000);
  }
  progress.end();
  expect(text().split('\n')).toEqual([
    'Loading …',
    'Loading … 0 % (1 000 of 119 390)',
    'Loading … 9 % (11 000 of 119 390)',
    'Loading … 17 % (21 000 of 119 390)',
    '',
  ]);
});

test('a line is never wider than its terminal, where it would be two', () => {
  const { text } = startedOn(true, 6);
  expect(text()).toBe('\r\x1b[2KLoadi');
});

test('on a terminal one line is rewritten, and taken away at the end', () => {
  const { progress, text, wait } = startedOn(true);
  wait(99);
  progress.at(1, 4);
  wait(1);
  progress.at(2, 4);
  progress.end();
  expect(text()).toBe('\r\x1b[2KLoading …\r\x1b[2KLoading … 50 % (2 of 4)\r\x1b[2K');
});
