import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Outcome } from '../check.ts';
import { execute } from '../execute.ts';
import { CHART } from '../rendering/helm.ts';

const CASE = /<testcase classname="([^"]*)" name="([^"]*)"[^>]*>(.*?)<\/testcase>/gs;
const FAILURE = /<(?:failure|error)[^>]*>(.*?)<\/(?:failure|error)>/s;
const MARKS: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const plain = (xml: string): string =>
  xml.replace(/&(?:#(\d+)|(\w+));/g, (mark, code, name) =>
    code ? String.fromCodePoint(Number(code)) : (MARKS[name] ?? mark),
  );

/** The tests of a report in JUnit's format. */
export const outcomesIn = (report: string): Outcome[] =>
  [...report.matchAll(CASE)].map(([, suite = '', name = '', body = '']) => {
    const failure = FAILURE.exec(body)?.[1];
    return { name: plain(`${suite}: ${name}`), faults: failure === undefined ? [] : [plain(failure).trim()] };
  });

export const sentences: Check = {
  name: 'helm-unittest',
  programs: ['helm-unittest'],
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'innkeeper-chart-'));
    try {
      const report = join(folder, 'report.xml');
      const args = [CHART, '--strict', '--output-type', 'JUnit', '--output-file', report];
      const { status, stdout, stderr } = await execute('helm-unittest', args);
      const outcomes = outcomesIn(await readFile(report, 'utf8').catch(() => ''));
      const explained = outcomes.some(({ faults }) => faults.length > 0);
      // A file that can't be read is in no report.
      const whole = status === 0 || explained ? [] : [`${stdout}${stderr}`.trim()];
      return [...outcomes, { name: 'all files are read', faults: outcomes.length === 0 ? ['no test was run'] : whole }];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
