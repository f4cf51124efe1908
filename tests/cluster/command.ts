import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CommandOptions {
  input?: string;
  /** Ends the command. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

const USUAL_MS = 300_000;

/** Runs a program and answers what it printed; throws with what it said. Ctrl-C in the terminal does not reach it. */
export const run = async (
  program: string,
  args: readonly string[],
  { input, signal, timeoutMs = USUAL_MS }: CommandOptions = {},
): Promise<string> => {
  const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true, signal: over });
  const printed: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code] = await once(child, 'close');
  const text = Buffer.concat(printed).toString('utf8');
  if (code === 0) return text;
  const why = `${Buffer.concat(said)}${text}`.trim().slice(-4_000);
  throw new Error(`\`${program} ${args.join(' ').slice(0, 300)}\` ended with ${code}: ${why}`);
};
