import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { registerConfig } from './config.ts';
import { registerKeys } from './keys.ts';
import { registerMigrate } from './migrate.ts';
import { exitStatusOf } from './run-command.ts';
import { registerServe } from './serve.ts';

const program = new Command('innkeeper')
  .description(manifest.description)
  .version(manifest.version)
  .showHelpAfterError('Add --help for how to call it.')
  .exitOverride();

registerServe(program);
registerMigrate(program);
registerKeys(program);
registerConfig(program);

process.exitCode = await exitStatusOf(() => program.parseAsync());
