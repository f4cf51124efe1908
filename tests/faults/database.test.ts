import { expect, test } from 'vitest';
import { type Fault, setStage, settingsOn, underFault } from './stage.ts';

const stage = setStage();

const underDatabaseFault = (what: string, fault: Fault) =>
  underFault(what, stage, [settingsOn(stage.servers, { REPLICA_MAX_LAG_MS: '3000' })], fault);

test('a standby that stands still, then lags by ten seconds, then goes on', async () => {
  const { phases } = await underDatabaseFault('standby paused', async (phase) => {
    await phase('before', 1_500);
    await stage.servers.ask('standby', 'select pg_wal_replay_pause()');
    await phase('paused', 10_000);
    await stage.servers.ask('standby', 'select pg_wal_replay_resume()');
    await phase('after', 2_000);
  });
  for (const { reads, writes } of Object.values(phases)) {
    expect({ reads: reads.failed, writes: writes.failed }).toEqual({ reads: 0, writes: 0 });
    expect(reads.done).toBeGreaterThan(0);
  }
});

test('a standby that hangs', async () => {
  const { phases } = await underDatabaseFault('standby hung', async (phase) => {
    await phase('before', 1_500);
    await stage.servers.signal('standby', 'SIGSTOP');
    await phase('hung', 8_000);
    await stage.servers.signal('standby', 'SIGCONT');
    await phase('after', 2_000);
  });
  for (const { reads, writes } of Object.values(phases)) {
    expect({ reads: reads.failed, writes: writes.failed }).toEqual({ reads: 0, writes: 0 });
  }
});

test('a primary that is killed and comes back: reads go on, writes are refused and work again', async () => {
  const { phases } = await underDatabaseFault('primary killed', async (phase) => {
    await phase('before', 1_500);
    await stage.servers.signal('primary', 'SIGKILL');
    await phase('gone', 4_000);
    await stage.servers.restart('primary');
    await phase('back', 5_000);
  });
  expect(phases.gone?.reads.done).toBeGreaterThan(0);
  expect(Object.keys({ ...phases.gone?.writes.reasons, ...phases.gone?.reads.reasons }).sort()).toEqual(
    expect.arrayContaining(['DATABASE_UNAVAILABLE']),
  );
  expect(phases.back?.writes.done).toBeGreaterThan(0);
});
