import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Identity } from './identity.ts';

/** A line means that the server is gone; the end of input means that the parent is. */
const SCRIPT = 'read -r _ && exit; kill -INT "$1"';

/**
 * Stops a server when this process dies in whatever way, even by SIGKILL: a shell waits at the other end of a pipe.
 * Returns how to call it off.
 */
export function watchParent(serverPid: number, identity: Identity | undefined): () => void {
  if (process.platform === 'win32') return () => {};
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'innkeeper-watchdog', String(serverPid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...identity,
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => shell.stdin.end('\n');
}
