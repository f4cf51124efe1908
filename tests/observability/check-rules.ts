import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readRecorded } from './recorded.ts';

const root = join(import.meta.dirname, '../../prometheus');

const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(root, folder, name));

/** Runs promtool; leaves with its status if that is not 0. */
const promtool = (...args: string[]): void => {
  const { error, status } = spawnSync('promtool', args, { stdio: 'inherit' });
  if (error) {
    process.stderr.write(
      `promtool can't be run (${error.message}).\n` +
        'It comes with Prometheus 3: take the archive for your system from https://prometheus.io/download/ and put its folder on PATH.\n',
    );
    process.exit(2);
  }
  if (status !== 0) process.exit(status ?? 1);
};

/** What the scraped series have to fire, and nothing else. */
const testOfRecorded = {
  rule_files: [join(root, 'rules/kubernetes.yaml')],
  evaluation_interval: '1m',
  tests: [
    {
      name: 'recorded series: an autoscaler at its maximum that gets no metric',
      interval: '1m',
      input_series: readRecorded().map(({ text, value }) => ({ series: text, values: `${value}x20` })),
      promql_expr_test: [
        {
          expr: 'count by (alertname, namespace, horizontalpodautoscaler) (ALERTS{alertstate="firing"})',
          eval_time: '16m',
          exp_samples: ['HpaAtMaximum', 'HpaMetricFailing'].map((alertname) => ({
            labels: `{alertname="${alertname}", namespace="recorded", horizontalpodautoscaler="stay-innkeeper-web"}`,
            value: 1,
          })),
        },
      ],
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'innkeeper-rules-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const recorded = join(folder, 'recorded.yaml');
writeFileSync(recorded, stringify(testOfRecorded));

promtool('check', 'rules', '--lint=all', '--lint-fatal', ...filesOf('rules'));
promtool('test', 'rules', ...filesOf('tests'), recorded);
