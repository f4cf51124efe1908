import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'innkeeper-squawk-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lint = (statement: string) => {
  const file = join(folder, '0000_probe.sql');
  writeFileSync(file, statement);
  return spawnSync('node_modules/.bin/squawk', ['--config', '.squawk.toml', '--reporter', 'gcc', file], {
    encoding: 'utf8',
  });
};

describe('the migration lint', () => {
  it.each([
    ['an index built under a lock', 'create index i on booking (channel);', 'require-concurrent-index-creation'],
    [
      'a column that rewrites the table',
      'alter table booking alter column total type numeric;',
      'changing-column-type',
    ],
    [
      'a constraint that scans under a lock',
      'alter table booking add constraint c check (total > 0);',
      'constraint-missing-not-valid',
    ],
    ['a dropped column, before the code has let go of it', 'alter table booking drop column notes;', 'ban-drop-column'],
  ])('refuses %s', (_what, statement, rule) => {
    const { status, stdout } = lint(statement);
    expect(status).not.toBe(0);
    expect(stdout).toContain(rule);
  });

  it('lets a nullable column pass', () => {
    expect(lint('alter table booking add column source text;').status).toBe(0);
  });

  it('has nothing against the migrations there are', () => {
    expect(() => execFileSync('npm', ['run', '--silent', 'lint:migrations'])).not.toThrow();
  });
});
