import type { Command } from 'commander';

const action = () => import('./maintain-action.ts');

export const registerMaintain = (program: Command): void => {
  program
    .command('maintain')
    .description(
      'Delete what has been kept long enough (idempotency keys, sessions, audit entries, events) and renew statistics where ' +
        'due, in short transactions, also while a server runs; exits with status 1 when a lock left something for the next run.',
    )
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await action()).runMaintenance(options));
};
