import { expect, inject, test } from 'vitest';
import { migrationsList } from '../../../src/migrations/index.ts';
import { migrationStatus } from '../../../src/platform/db/migrator.ts';

test('migrations heed what the database’s address says of TLS', async () => {
  const ownerUrl = `${inject('embedded').ownerUrl}?sslmode=no-verify`;
  const options = { ownerUrl, role: 'innkeeper_app', migrations: migrationsList(), lockTimeoutMs: 1_000 };
  await expect(migrationStatus(options)).rejects.toThrow('The server does not support SSL connections');
});
