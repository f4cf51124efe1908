import { createProgram } from './program.ts';
import { exitStatusOf } from './run-command.ts';

// Whoever read the output may stop reading: no reason to end a server.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await exitStatusOf(() => createProgram().parseAsync());
