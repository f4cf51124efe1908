import { readdirSync, readFileSync, statSync } from 'node:fs';
import { chown, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { z } from 'zod';
import { preparedFolder, query, start, temporaryFolder } from '../../support/embedded-folder.ts';
import { serverPids, spawnEmbedded } from '../../support/embedded-process.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('the roles of application and owner cannot bypass row-level security', async () => {
  const { adminUrl } = inject('embedded');
  const roles = await query(
    adminUrl,
    `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles
     where rolname in ('innkeeper_app', 'innkeeper_owner') order by rolname`,
  );
  const none = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
  };
  expect(roles).toEqual([
    { ...none, rolname: 'innkeeper_app' },
    { ...none, rolname: 'innkeeper_owner', rolcreaterole: true },
  ]);
});

test('the owner can install the extensions that the schema needs', async () => {
  const { ownerUrl } = inject('embedded');
  await query(ownerUrl, 'create extension if not exists btree_gist; create extension if not exists pg_trgm');
  expect(await query(ownerUrl, `select lower('ZÜRICH') as lower, show_trgm('Züri') as trigrams`)).toEqual([
    { lower: 'zürich', trigrams: expect.not.arrayContaining(['  r']) },
  ]);
  const settings = await query(
    ownerUrl,
    `select current_setting('timezone') as zone, datlocprovider::text as provider, datlocale as locale,
            pg_encoding_to_char(encoding) as encoding, pg_get_userbyid(datdba) as owner
     from pg_database where datname = current_database()`,
  );
  expect(settings).toEqual([
    { zone: 'UTC', provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8', owner: 'innkeeper_owner' },
  ]);
});

test('no connection is made without the right password', async () => {
  const { primaryUrl, adminUrl } = inject('embedded');
  for (const url of [primaryUrl, adminUrl].map((right) => new URL(right))) {
    url.password = 'guess';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  }
});

test('passwords are in no log, and only the owner of the folder can read them', async () => {
  const folder = await temporaryFolder();
  const { lines, ownerUrl } = await start(folder);
  await expect(query(ownerUrl, 'select nonsense')).rejects.toThrow();
  const state: unknown = JSON.parse(readFileSync(join(folder, 'embedded.json'), 'utf8'));
  const passwords = Object.values(z.object({ passwords: z.record(z.string(), z.string()) }).parse(state).passwords);
  expect(new Set(passwords).size).toBe(4);
  const logs = ['primary.log', 'standby.log'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const commands = serverPids(folder).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  const said = [...lines, ...logs, ...commands].join('\n');
  expect(said).toContain('ready to accept connections');
  expect(passwords.filter((password) => said.includes(password))).toEqual([]);
  expect(mode(folder)).toBe('700');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    expect(`${entry.name} ${mode(join(folder, entry.name))}`).toBe(`${entry.name} ${entry.isFile() ? 600 : 700}`);
  }
});

test.runIf(isRoot)(
  'as root the servers run under an unprivileged account, in a folder only root can enter',
  async () => {
    const outer = await temporaryFolder();
    const folder = join(outer, 'data');
    await start(folder);
    expect(statSync(outer)).toMatchObject({ uid: 0 });
    expect(mode(outer)).toBe('700');
    expect(serverPids(folder).map((pid) => statSync(`/proc/${pid}`).uid)).not.toContain(0);
  },
);

test.runIf(isRoot)('an ordinary user can run it, and everything belongs to that user', async () => {
  const outer = await temporaryFolder();
  await chown(outer, NOBODY, NOBODY);
  const folder = join(outer, 'data');
  const owner = spawnEmbedded(folder, { uid: NOBODY, gid: NOBODY });
  const { primaryUrl } = await owner.urls();
  expect(await query(primaryUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(serverPids(folder).map((pid) => statSync(`/proc/${pid}`).uid)).toEqual([NOBODY, NOBODY]);
  expect(readdirSync(folder).filter((entry) => statSync(join(folder, entry)).uid !== NOBODY)).toEqual([]);
  await owner.end('SIGTERM');
});

test.runIf(isRoot)("a folder that is another user's is refused with a message that says what to do", async () => {
  const outer = await temporaryFolder();
  await mkdir(join(outer, 'data'), { mode: 0o700 });
  await chown(outer, NOBODY, NOBODY);
  const stranger = spawnEmbedded(join(outer, 'data'), { uid: NOBODY, gid: NOBODY });
  await expect(stranger.urls()).rejects.toThrow(/cannot be used: it belongs to .* 0\. Start as its owner, or/);
  await expect(start(outer)).rejects.toThrow(/cannot be used: it belongs to .* 65534\. Start as its owner/);
});

test.runIf(isRoot)('root follows no link that the account of the servers has laid in their folder', async () => {
  const folder = await preparedFolder();
  const target = join(folder, 'target');
  const precious = '4194304\nprecious\n';
  await writeFile(target, precious);
  for (const name of ['postgresql.conf', 'postmaster.pid']) {
    await rm(join(folder, 'primary', name), { force: true });
    await symlink(target, join(folder, 'primary', name));
  }
  await (await start(folder, { standby: false })).stop();
  expect(readFileSync(target, 'utf8')).toBe(precious);
  expect(statSync(target).uid).toBe(0);
});
