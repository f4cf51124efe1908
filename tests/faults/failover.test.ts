import { expect, test } from 'vitest';
import type { RealServers } from './servers.ts';
import { setStage, settingsOn, type Urls, underFault } from './stage.ts';

/** Both hosts for either purpose, as where it is not known beforehand who leads. */
const bothHosts = ({ primaryUrl, replicaUrls }: RealServers): Urls => {
  const [standby = ''] = replicaUrls;
  const { host } = new URL(standby);
  const several = primaryUrl.replace(/@[^/]*/, (login) => `${login},${host}`);
  return { primaryUrl: `${several}?target_session_attrs=read-write`, replicaUrls: [primaryUrl, standby] };
};

const stage = setStage(bothHosts);

/** Longest that a refusal may take, in milliseconds. */
const FAST_MS = 2_500;

test('a synchronous standby is promoted: no read fails, writes are refused fast and come back by themselves', async () => {
  const { servers } = stage;
  await servers.ask('primary', `alter system set synchronous_standby_names = 'standby'`);
  await servers.ask('primary', 'select pg_reload_conf()');
  const { phases } = await underFault(
    'standby promoted',
    stage,
    [settingsOn(bothHosts(servers), { REPLICA_BEHIND_MS: '10000' })],
    async (phase) => {
      await phase('before', 2_000);
      await servers.signal('primary', 'SIGKILL');
      await phase('no primary', 2_500);
      await servers.ask('standby', 'select pg_promote()');
      await phase('promoted', 3_000);
      await phase('after', 3_000);
      // It takes itself for the primary still.
      await servers.restart('primary');
      await phase('the old primary is back', 4_000);
    },
  );
  for (const [name, { reads }] of Object.entries(phases)) {
    expect(reads.reasons, name).toEqual({});
    expect(reads.done, name).toBeGreaterThan(0);
  }
  const { before, 'no primary': without, promoted, after, 'the old primary is back': back } = phases;
  expect(Object.keys({ ...without?.writes.reasons, ...promoted?.writes.reasons })).toEqual(['DATABASE_UNAVAILABLE']);
  for (const part of [without, promoted]) expect(part?.writes.longestFailureMs).toBeLessThan(FAST_MS);
  for (const part of [before, after, back]) {
    expect(part?.writes.reasons).toEqual({});
    expect(part?.writes.done).toBeGreaterThan(0);
  }
});
