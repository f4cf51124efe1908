import { expect, test } from 'vitest';
import type { Database } from '../../../src/platform/db/database.ts';
import { newScope } from '../../../src/platform/db/scope.ts';
import { untilAborted } from '../../../src/platform/db/until-aborted.ts';

const started: string[] = [];
const starting = (name: string) => async () => {
  started.push(name);
  throw new Error('no database in this test');
};
const database: Database = {
  transaction: starting('transaction'),
  read: starting('read'),
  snapshot: starting('snapshot'),
  close: async () => {},
};

test('work that is called off starts nothing more on the database', async () => {
  const stop = new AbortController();
  const scope = newScope(null);
  const interruptible = untilAborted(database, stop.signal);
  await expect(interruptible.transaction(scope, async () => {})).rejects.toThrow('no database');
  stop.abort(new Error('called off'));
  for (const call of [
    () => interruptible.transaction(scope, async () => {}),
    () => interruptible.read(scope, 'primary', async () => {}),
    () => interruptible.snapshot(scope, 1_000, async () => {}),
  ]) {
    await expect(call()).rejects.toThrow('called off');
  }
  expect(started).toEqual(['transaction']);
});
