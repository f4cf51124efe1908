import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../../../src/embedded/ports.ts';
import { testMigrate } from '../../support/app.ts';
import { databaseSettings, readyUrl, startCli } from '../../support/cli-process.ts';

import { createDatabase, type TestDatabase } from '../../support/postgres.ts';

vi.setConfig({ testTimeout: 60_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase(testMigrate);
});
afterAll(() => database.drop());

const metricsAt = async (port: number): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get('content-type')).toContain('application/openmetrics-text');
  return answer.text();
};

test('servers and workers measure themselves on a port of their own; what the database counts for all comes from workers only', async () => {
  const [servingPort, workerPort] = [await freePort(0), await freePort(0)];
  const server = startCli(['serve'], {
    ...databaseSettings(database),
    ADMIN_PORT: String(servingPort),
    JOBS_IN_SERVE: 'false',
  });
  const url = await readyUrl(server);
  const worker = startCli(['worker'], {
    ...databaseSettings(database),
    ADMIN_PORT: String(workerPort),
    COUNT_INTERVAL_MS: '100',
  });
  await expect.poll(() => worker.stderr, { timeout: 20_000 }).toContain('"msg":"working"');

  await expect.poll(() => metricsAt(workerPort), { timeout: 10_000 }).toMatch(/^innkeeper_holds_live 0$/m);
  expect(await metricsAt(workerPort)).toMatch(/^innkeeper_pool_size_limit\{pool="jobs"\} 4$/m);
  const served = await metricsAt(servingPort);
  expect(served).not.toMatch(/^innkeeper_holds_live/m);
  expect(served).toMatch(/^innkeeper_pool_size_limit\{pool="primary"\} \d+$/m);
  expect(served).toMatch(/^innkeeper_requests_in_flight_limit\{kind="query"\} \d+$/m);
  expect(served).toMatch(/^innkeeper_build_info\{version="[\d.]+",node="26[\d.]+"\} 1$/m);

  expect((await fetch(`http://127.0.0.1:${servingPort}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  worker.child.kill('SIGTERM');
  server.child.kill('SIGTERM');
  expect([await worker.exited, await server.exited]).toEqual([0, 0]);
});

test('a taken port for operators keeps the server from starting, and the message names its setting', async () => {
  const port = await freePort(0);
  const first = startCli(['serve'], { ...databaseSettings(database), ADMIN_PORT: String(port) });
  await readyUrl(first);
  const second = startCli(['serve'], { ...databaseSettings(database), ADMIN_PORT: String(port) });
  expect(await second.exited).toBe(1);
  expect(second.stderr).toContain(
    `Port ${port} on 127.0.0.1 is taken by another program. Choose another with ADMIN_PORT.`,
  );
  first.child.kill('SIGTERM');
  await first.exited;
});
