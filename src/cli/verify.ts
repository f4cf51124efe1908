import type { Command } from 'commander';

const action = () => import('./verify/action.ts');

export const registerVerify = (program: Command): void => {
  program
    .command('verify')
    .description(
      'Recompute the ledger from lines, blocks and holds, and look for overlaps, sums that differ, gaps in event numbers ' +
        'and orphans. Reads one snapshot a tenant, also while a server runs; exits with status 1 when anything is off.',
    )
    .option('--json', 'print the report as JSON')
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await action()).verify(options));
};
