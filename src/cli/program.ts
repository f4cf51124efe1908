import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { registerAnalyze } from './analyze.ts';
import { registerCacheStats } from './cache-stats.ts';
import { registerConfig } from './config.ts';
import { registerGenerate } from './generate.ts';
import { registerImport } from './import.ts';
import { registerJobs } from './jobs.ts';
import { registerKeys } from './keys.ts';
import { registerMaintain } from './maintain.ts';
import { registerMigrate } from './migrate.ts';
import { registerReplay } from './replay/command.ts';
import { registerServe } from './serve.ts';
import { registerSmoke } from './smoke.ts';
import { registerVerify } from './verify.ts';
import { registerWatch } from './watch.ts';
import { registerWorker } from './worker.ts';

/** The commands; what each needs is loaded when it runs. */
export const createProgram = (): Command => {
  const program = new Command('innkeeper')
    .description(manifest.description)
    .version(manifest.version)
    .showHelpAfterError('Add --help for how to call it.')
    .exitOverride();
  registerServe(program);
  registerWorker(program);
  registerJobs(program);
  registerMaintain(program);
  registerMigrate(program);
  registerKeys(program);
  registerImport(program);
  registerGenerate(program);
  registerReplay(program);
  registerVerify(program);
  registerAnalyze(program);
  registerCacheStats(program);
  registerWatch(program);
  registerSmoke(program);
  registerConfig(program);
  return program;
};
