import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

export interface Execution {
  status: number;
  stdout: string;
  stderr: string;
}

const free: (() => void)[] = [];
let places = availableParallelism();

const place = async (): Promise<void> => {
  if (places > 0) places -= 1;
  else await new Promise<void>((resolve) => free.push(resolve));
};

const leave = (): void => {
  const next = free.shift();
  if (next) next();
  else places += 1;
};

/** Runs a program to its end, as many at a time as there are processors. Throws when it can't be started. */
export const execute = async (
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<Execution> => {
  await place();
  try {
    const { input = '', env, ...rest } = options;
    const child = spawn(program, args, { ...rest, env: { ...process.env, ...env } });
    const closed = once(child, 'close');
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}).end(input);
    await closed;
    return { status: child.exitCode ?? 1, stdout, stderr };
  } finally {
    leave();
  }
};

/** What it says, or an error with what it has complained of. */
export const outputOf = async (...call: Parameters<typeof execute>): Promise<string> => {
  const { status, stdout, stderr } = await execute(...call);
  if (status === 0) return stdout;
  const [program, args] = call;
  throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${(stderr + stdout).trim()}`);
};
