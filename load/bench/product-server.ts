import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/cli/innkeeper.ts', import.meta.url));

/** Starts `innkeeper serve` with these settings, on a free port; `opened` stops it. */
export const openServer = async (
  opened: AsyncDisposableStack,
  settings: Record<string, string>,
): Promise<{ url: string; pid: number }> => {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0'], {
    env: { ...process.env, LOG_FORMAT: 'json', LOG_LEVEL: 'info', JOBS_IN_SERVE: 'false', ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  opened.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const { msg, url } = JSON.parse(line.startsWith('{') ? line : '{}') as { msg?: string; url?: string };
    if (msg !== 'ready' || !url) continue;
    // Unread, the log would fill its pipe.
    child.stderr.resume();
    return { url, pid: child.pid ?? 0 };
  }
  throw new Error(`the server did not start:\n${said.join('\n')}`);
};
