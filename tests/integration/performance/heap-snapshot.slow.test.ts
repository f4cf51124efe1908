import { expect, test } from 'vitest';
import { openStage, sent } from './stage.ts';

test('a heap snapshot is written to the answer, once it is switched on', async () => {
  const stage = await openStage({ PROFILING: 'true' });
  try {
    const snapshot = await sent(stage, '/performance/memory/snapshot', {});
    expect(snapshot.status).toBe(200);
    expect(snapshot.text).toMatch(/^\{"snapshot":\{"meta"/);
    expect(stage.operations).toEqual(['admin port: heap snapshot']);
  } finally {
    await stage.close();
  }
});
