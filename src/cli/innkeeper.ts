import { createProgram } from './program.ts';
import { exitStatusOf } from './run-command.ts';

process.exitCode = await exitStatusOf(() => createProgram().parseAsync());
