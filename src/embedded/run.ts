import { spawn } from 'node:child_process';
import type { Identity } from './identity.ts';

/** The servers see no variable of the user's: PGDATA, PGOPTIONS and the like would change what they do. */
export const SERVER_ENVIRONMENT: { env?: Record<string, string> } =
  process.platform === 'win32' ? {} : { env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } };

/**
 * How a server is told its data folder, with the folder as its working directory. Under another account the absolute
 * path may lead through folders which that account cannot enter (/root), but its own working directory it can.
 */
export const dataFolderArgument = (folder: string, identity: Identity | undefined): string =>
  identity ? '/proc/self/cwd' : folder;

/** Runs a program to its end and returns all that it printed; throws with the end of it when the program fails. */
export async function run(
  program: string,
  args: string[],
  options: { cwd: string; identity: Identity | undefined; input?: string },
): Promise<string> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    ...options.identity,
    ...SERVER_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} failed (${code ?? 'killed'}): ${output.slice(-2000)}`);
  return output;
}
