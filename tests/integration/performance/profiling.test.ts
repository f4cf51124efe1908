import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage, sent } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ PROFILING: 'true' });
}, 60_000);
afterAll(() => stage.close());

test('a CPU profile is taken for as long as was asked, and no second one meanwhile', async () => {
  const profiling = sent(stage, '/performance/cpu/profile?seconds=1', {});
  await expect.poll(() => stage.operations).toEqual(['admin port: CPU profile of 1 s']);
  expect((await sent(stage, '/performance/memory/snapshot', {})).json().error).toMatchObject({
    code: 'PROFILING_BUSY',
  });
  const profile = (await profiling).json();
  expect(profile.endTime - profile.startTime).toBeGreaterThan(900_000);
  expect(profile.nodes.length).toBeGreaterThan(3);
});

test.for(['0', '61', '1.5', 'x'])('a profile of %s seconds is refused', async (seconds) => {
  expect((await sent(stage, `/performance/cpu/profile?seconds=${seconds}`, {})).status).toBe(400);
});
