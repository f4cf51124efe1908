import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program and answers what it printed; throws with all that it said. */
export const output = async (program: string, args: readonly string[], cwd?: string): Promise<string> => {
  const { stdout } = await execute(program, [...args], { maxBuffer: 64 * 1024 * 1024, ...(cwd && { cwd }) });
  return stdout;
};
