import assert from 'node:assert/strict';
import { getServers } from 'node:dns';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outputOf } from '../execute.ts';
import { edgeFiles } from './rendered-files.ts';

test('the init container writes the pod’s name servers as nginx reads them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-edge-'));
  try {
    const { 'resolver.mjs': script = '' } = await edgeFiles({ secrets: { existing: 'innkeeper' } });
    await writeFile(join(folder, 'resolver.mjs'), script);
    await outputOf(process.execPath, [join(folder, 'resolver.mjs'), join(folder, 'resolver.conf')]);
    const written = await readFile(join(folder, 'resolver.conf'), 'utf8');
    const [address = ''] = getServers();
    assert(written.startsWith(`resolver ${address.includes(':') ? `[${address}]` : address}`));
    assert(written.endsWith(' valid=5s;\n'));
    const conf = `events {}\nhttp { include ${folder}/resolver.conf; }\npid ${folder}/nginx.pid;\n`;
    await writeFile(join(folder, 'nginx.conf'), conf);
    await outputOf('nginx', ['-e', 'stderr', '-t', '-p', folder, '-c', join(folder, 'nginx.conf')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
