import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { createHotel } from '../../support/hotel.ts';

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
  // tRPC comes as a copy of what is installed here, so that no network is needed.
  const flags = ['--offline', '--install-links', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  const parts = [`./${tarball?.filename}`, installed('@trpc/client'), installed('@trpc/server')];
  await run('npm', ['install', ...flags, ...parts], { cwd: project });
}, 120_000);

afterAll(async () => {
  await rm(packageDir, { recursive: true, force: true });
  await rm(project, { recursive: true, force: true });
});

it('packs compiled code, its types, a readme and a licence, and nothing else', () => {
  expect(packed.filter((path) => !/^dist\/[a-z-]+\.(js|d\.ts)$/.test(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
  ]);
  expect(packed).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/contract.d.ts']));
});

it('needs tRPC only, of the version that the server runs', async () => {
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
  const server = await read(join(root, 'package.json'));
  const client = await read(join(project, 'node_modules/@innkeeper/client/package.json'));
  expect(client.version).toBe(server.version);
  expect(client.dependencies).toEqual({
    '@trpc/client': `^${server.dependencies['@trpc/client']}`,
    '@trpc/server': `^${server.dependencies['@trpc/server']}`,
  });
  expect(Object.keys(client)).not.toContain('peerDependencies');
  expect((await readdir(join(project, 'node_modules'))).filter((name) => !name.startsWith('.')).sort()).toEqual([
    '@innkeeper',
    '@trpc',
  ]);
});

it('says nothing of the server’s files and libraries, and asks nothing of Node', async () => {
  const dist = join(project, 'node_modules/@innkeeper/client/dist');
  const names = await readdir(dist);
  const imported = new Set<string>();
  for (const name of names) {
    const text = await readFile(join(dist, name), 'utf8');
    expect(text, name).not.toMatch(/mikro-orm|kysely|express|zod|compose|features\/|platform\/|kernel\/|node:|Buffer/);
    for (const [, from = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) imported.add(from);
  }
  const own = names.filter((name) => name.endsWith('.js')).map((name) => `./${name}`);
  expect([...imported].filter((from) => !own.includes(from)).sort()).toEqual([
    '@trpc/client',
    '@trpc/server',
    '@trpc/server/observable',
  ]);
});

it('gives an empty project types that take what is right and refuse what is wrong', async () => {
  const readme = await readFile(join(project, 'node_modules/@innkeeper/client/README.md'), 'utf8');
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  expect(examples.length).toBeGreaterThanOrEqual(3);
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
