import type { Command } from 'commander';
import { overriddenBy, readSettings } from '../config.ts';
import { preload } from '../platform/telemetry/preload.ts';

export const registerWorker = (program: Command): void => {
  program
    .command('worker')
    .description(
      'Do the background work until SIGINT or SIGTERM; any number may run, beside `serve` with JOBS_IN_SERVE=false.',
    )
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async ({ dataDir }: { dataDir?: string }) => {
      await preload(process.env);
      const { work } = await import('../worker.ts');
      await work(readSettings(overriddenBy({ INNKEEPER_DATA_DIR: dataDir })));
    });
};
