import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { execute } from '../execute.ts';
import { ROOT } from '../rendering/helm.ts';
import { type Groups, shippedFiles } from './rendered.ts';

const TESTS = join(ROOT, 'prometheus/tests');

/** Answers what promtool says against it; nothing where it says nothing. */
const promtool = async (...args: string[]): Promise<string[]> => {
  const { status, stdout, stderr } = await execute('promtool', args);
  return status === 0 ? [] : [`promtool ${args.slice(0, 2).join(' ')}:\n${stdout}${stderr}`.trim()];
};

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-rules-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What promtool finds wrong with the rules. */
export const lintFaults = (groups: Groups): Promise<string[]> =>
  inFolder(async (folder) => {
    const file = join(folder, 'rules.yaml');
    await writeFile(file, stringify({ groups }));
    return promtool('check', 'rules', '--lint=all', '--lint-fatal', file);
  });

const testFile = z.looseObject({ rule_files: z.array(z.string()) });

/** What of prometheus/tests does not hold of these rules, which are given to each test as far as it names their files. */
export const testFaults = (groups: Groups): Promise<string[]> =>
  inFolder(async (folder) => {
    for (const [file, shipped] of shippedFiles()) {
      const names = shipped.map(({ name }) => name);
      const own = groups.filter(({ name }) => names.includes(name));
      await writeFile(join(folder, file), stringify({ groups: own }));
    }
    const files = (await readdir(TESTS)).filter((name) => name.endsWith('.yaml'));
    for (const name of files) {
      const { rule_files, ...test } = testFile.parse(parse(await readFile(join(TESTS, name), 'utf8')));
      const content = { ...test, rule_files: rule_files.map((path) => basename(path)) };
      await writeFile(join(folder, `test-${name}`), stringify(content));
    }
    return promtool('test', 'rules', ...files.map((name) => join(folder, `test-${name}`)));
  });

export interface QueryTest {
  name: string;
  series: Record<string, string>;
  /** A minute in; null for no answer. */
  expected: readonly { query: string; value: number | null }[];
}

/** Which queries answer otherwise than expected. */
export const queryFaults = (tests: readonly QueryTest[]): Promise<string[]> =>
  inFolder(async (folder) => {
    const file = join(folder, 'queries.yaml');
    const content = {
      evaluation_interval: '15s',
      fuzzy_compare: true,
      tests: tests.map(({ name, series, expected }) => ({
        ...{ name, interval: '15s' },
        input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
        promql_expr_test: expected.map(({ query, value }) => ({
          ...{ expr: query, eval_time: '1m' },
          exp_samples: value === null ? [] : [{ labels: '{}', value }],
        })),
      })),
    };
    await writeFile(file, stringify(content));
    return promtool('test', 'rules', file);
  });
