import { writeFile } from 'node:fs/promises';
import { release, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Row {
  stage: string;
  what: string;
  measured: string;
  bar: string;
  met: boolean;
}

export interface Report {
  /** Notes what was measured against its bar, and prints it. */
  check(what: string, measured: string, bar: string, met: boolean): void;
  readonly rows: readonly Row[];
}

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

const ABOUT = `# What was seen on a cluster

Written by \`npm run test:cluster\`, which installs the chart on the cluster that KUBECONFIG names and measures there.
`;

export const openReport = (stage: () => string): Report => {
  const rows: Row[] = [];
  return {
    rows,
    check(what, measured, bar, met) {
      rows.push({ stage: stage(), what, measured, bar, met });
      console.log(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${measured} (bar: ${bar})`);
    },
  };
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Keeps the results of a whole run. */
export const keepResults = async (rows: readonly Row[], server: string, seconds: number): Promise<void> => {
  const lines = rows.map(({ stage, what, measured, bar, met }, index) => {
    const first = rows[index - 1]?.stage === stage ? '' : stage;
    return `| ${[first, what, measured, bar, met ? 'met' : '**missed**'].map(cell).join(' | ')} |`;
  });
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `Kubernetes ${server}, Linux ${release()}, ${navigator.hardwareConcurrency} processors, ${memory} GB; everything on this one machine.`;
  const when = `${new Date().toISOString().slice(0, 10)}, in ${Math.round(seconds)} s. ${machine}`;
  const table = ['| stage | what | measured | bar | |', '|---|---|---|---|---|', ...lines].join('\n');
  await writeFile(RESULTS, `${ABOUT}\n${when}\n\n${table}\n`);
};
