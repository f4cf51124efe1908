import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { addDays } from '../../../src/kernel/dates.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel, holdRoom, key } from '../../support/hotel.ts';
import { settledEvents } from '../../support/settled-events.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const compiler = join(root, 'node_modules/typescript/bin/tsc');

let packageDir: string;
let project: string;
let packed: string[];

/** What the compiler has to say; empty when all is well. */
const complaints = async (tsconfig: string): Promise<string> => {
  try {
    await run(process.execPath, [compiler, '--noEmit', '-p', tsconfig]);
    return '';
  } catch (error) {
    return String(Reflect.get(Object(error), 'stdout'));
  }
};

/** What a compiled module or its types name as imported. */
const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, from = '']) => from);

const installed = (name: string) => `file:${join(root, 'node_modules', name)}`;

beforeAll(async () => {
  await mkdir(join(root, 'dist'), { recursive: true });
  packageDir = await mkdtemp(join(root, 'dist/client-under-test-'));
  project = await mkdtemp(join(tmpdir(), 'innkeeper-client-project-'));
  await run('npm', ['run', 'build:client', '--', packageDir], { cwd: root });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: packageDir });
  const [tarball] = Object.values(JSON.parse(stdout)) as { filename: string; files: { path: string }[] }[];
  packed = tarball?.files.map(({ path }) => path) ?? [];
  await cp(join(fixtures, 'project'), project, { recursive: true });
  // What it depends on comes as a copy of what is installed here, so that no network is needed.
  const flags = ['--offline', '--install-links', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  const needed = ['@trpc/client', '@trpc/server', 'standardwebhooks', '@stablelib/base64', 'fast-sha256'];
  const parts = [`./${tarball?.filename}`, ...needed.map(installed)];
  await run('npm', ['install', ...flags, ...parts], { cwd: project });
}, 120_000);

afterAll(async () => {
  await rm(packageDir, { recursive: true, force: true });
  await rm(project, { recursive: true, force: true });
});

it('packs compiled code, its types, an example, a readme and a licence, and nothing else', () => {
  expect(packed.filter((path) => !/^dist\/[a-z-]+\.(js|d\.ts)$/.test(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'examples/webhook-receiver.ts',
    'package.json',
  ]);
  expect(packed).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/contract.d.ts']));
});

it('needs tRPC and what checks signatures, of the versions that the server runs', async () => {
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
  const server = await read(join(root, 'package.json'));
  const client = await read(join(project, 'node_modules/@innkeeper/client/package.json'));
  expect(client.version).toBe(server.version);
  expect(client.dependencies).toEqual({
    '@trpc/client': `^${server.dependencies['@trpc/client']}`,
    '@trpc/server': `^${server.dependencies['@trpc/server']}`,
    standardwebhooks: `^${server.dependencies.standardwebhooks}`,
  });
  expect(Object.keys(client)).not.toContain('peerDependencies');
  expect((await readdir(join(project, 'node_modules'))).filter((name) => !name.startsWith('.')).sort()).toEqual([
    '@innkeeper',
    '@stablelib',
    '@trpc',
    'fast-sha256',
    'standardwebhooks',
  ]);
});

it('says nothing of the server’s files and libraries, and asks nothing of Node', async () => {
  const dist = join(project, 'node_modules/@innkeeper/client/dist');
  const names = await readdir(dist);
  const imported = new Set<string>();
  for (const name of names) {
    const text = await readFile(join(dist, name), 'utf8');
    expect(text, name).not.toMatch(/mikro-orm|kysely|express|zod|compose|features\/|platform\/|kernel\/|node:|Buffer/);
    for (const from of importsOf(text)) imported.add(from);
  }
  const own = names.filter((name) => name.endsWith('.js')).map((name) => `./${name}`);
  expect([...imported].filter((from) => !own.includes(from)).sort()).toEqual([
    '@trpc/client',
    '@trpc/server',
    '@trpc/server/observable',
    'standardwebhooks',
  ]);
});

it('checks signatures in an entry of its own: what a page imports brings in tRPC and nothing else', async () => {
  const dist = join(project, 'node_modules/@innkeeper/client/dist');
  const broughtIn = async (entry: string) => {
    const seen = new Set([entry]);
    for (const name of seen) {
      if (!name.startsWith('./')) continue;
      for (const from of importsOf(await readFile(join(dist, name), 'utf8'))) seen.add(from);
    }
    return [...seen].filter((name) => !name.startsWith('./')).sort();
  };
  expect(await broughtIn('./index.js')).toEqual(['@trpc/client', '@trpc/server/observable']);
  expect(await broughtIn('./webhooks.js')).toEqual(['standardwebhooks']);
});

it('gives an empty project types that take what is right and refuse what is wrong', async () => {
  const readme = await readFile(join(project, 'node_modules/@innkeeper/client/README.md'), 'utf8');
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  expect(examples.length).toBeGreaterThanOrEqual(4);
  for (const [index, code] of examples.entries()) await writeFile(join(project, `readme-${index}.ts`), code);
  expect(await complaints(project)).toBe('');
});

it('describes every procedure as the server’s own types do', async () => {
  await writeFile(
    join(packageDir, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        lib: ['esnext', 'dom'],
        exactOptionalPropertyTypes: false,
        paths: { '@innkeeper/client': [join(packageDir, 'dist/index.d.ts')] },
      },
      include: [join(fixtures, 'agreement.ts')],
      exclude: [],
    }),
  );
  expect(await complaints(packageDir)).toBe('');
}, 60_000);

it('books against a live server, and a lost answer is replayed instead of done again', async () => {
  const app: TestApp = await startApp();
  try {
    const tenant = await app.tenant('lisbon');
    await createHotel(tenant.client);
    const example = join(project, 'example.ts');
    const { stdout } = await run(process.execPath, [example, app.url, tenant.ownerKey], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({
      lostAnswers: 1,
      totals: [30_000, 30_000, 30_000, 30_000],
      states: ['held', 'confirmed', 'confirmed'],
      sameAnswer: true,
      events: ['booking.held', 'booking.confirmed'],
      refusal: '404 NOT_FOUND bookingId',
    });
  } finally {
    await app.close();
  }
});

it('ships a receiver that takes a live server’s webhooks once and in order, and nothing that the server has not signed', async () => {
  const receiverDir = join(project, 'receiver');
  const example = join(project, 'node_modules/@innkeeper/client/examples/webhook-receiver.ts');
  await cp(example, join(receiverDir, 'webhook-receiver.ts'));
  // The types of Node are those that are installed here.
  const typeRoots = [join(root, 'node_modules/@types')];
  const tsconfig = { extends: './tsconfig.json', compilerOptions: { typeRoots } };
  await writeFile(join(receiverDir, 'tsconfig.here.json'), JSON.stringify(tsconfig));
  expect(await complaints(join(receiverDir, 'tsconfig.here.json'))).toBe('');

  // The receiver's clock is the real one, so signatures have to be of now.
  const settings = { DATABASE_REPLICA_URLS: '', WEBHOOK_ALLOW_PRIVATE: 'true' };
  const app = await startApp({ settings, instant: new Date().toISOString() });
  onTestFinished(() => app.close());
  const { client, tenantId } = await app.tenant('receiver');
  const { id: endpointId, secret } = await client.webhooks.create.mutate({
    ...{ url: 'http://127.0.0.1:9/hooks', eventTypes: ['booking.held', 'booking.confirmed'], idempotencyKey: key() },
  });
  const receiver = spawn(process.execPath, [join(receiverDir, 'main.ts'), secret ?? ''], { cwd: project });
  onTestFinished(() => void receiver.kill());
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
  const nextLine = async () => (await lines.next()).value;
  const url = `http://127.0.0.1:${await nextLine()}/hooks`;
  await client.webhooks.update.mutate({ endpointId, url, idempotencyKey: key() });

  const deliver = async () => {
    await settledEvents(app.database, tenantId);
    await app.application.dispatcher.tell(tenantId);
    await app.application.deliverer.serveAll();
    await app.application.deliverer.settled();
  };
  const today = app.clock.nowIso().slice(0, 10);
  const hotel = await createHotel(client, { from: today });
  const held = await holdRoom(client, hotel, addDays(today, 30), addDays(today, 33));
  await client.bookings.confirm.mutate({ bookingId: held.id, idempotencyKey: key() });
  await deliver();
  expect(await nextLine()).toBe(`1 held until ${held.holdExpiresAt}`);
  expect(await nextLine()).toBe('2 confirmed 30000 EUR');

  const [from = '', until = ''] = [-60_000, 60_000].map((ms) => new Date(app.clock.nowMs() + ms).toISOString());
  expect(await client.webhooks.replay.mutate({ endpointId, from, until, idempotencyKey: key() })).toEqual({
    deliveries: 2,
  });
  await deliver();
  const { items } = await client.webhooks.deliveries.query({ endpointId, limit: 100 });
  expect(items.flatMap(({ attempts }) => attempts.map(({ status }) => status))).toEqual([204, 204, 204, 204]);
  expect(await client.webhooks.test.mutate({ endpointId })).toMatchObject({ delivered: true });
  expect(await nextLine()).toBe(`null test of ${endpointId}`);

  const headers = {
    'webhook-id': 'x',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': 'v1,x',
  };
  const forged = await fetch(url, { method: 'POST', headers, body: '{"type":"booking.held"}' });
  expect([forged.status, await forged.text()]).toEqual([400, 'BAD_SIGNATURE']);
}, 60_000);
