import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 1_000;
const SHELL = /^(sh|dash|bash|ash|zsh)$/;

interface Lineage {
  name: string;
  parent: number;
}

/** Undefined where the system has no /proc, or no such process. */
const lineageOf = (pid: number): Lineage | undefined => {
  try {
    const [, name = '', parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

/** npm runs a script in a shell, so that npm itself is the parent of our parent, unless the shell gave way to us. */
const npmsPlace = (): string => {
  const parent = lineageOf(process.ppid);
  return parent && SHELL.test(parent.name) ? `${process.ppid} ${parent.parent}` : `${process.ppid}`;
};

/**
 * Calls back once the program that launched this one is gone, killed perhaps: ours, which keeps a channel open, or npm
 * where it is `startedByNpm`. Nobody but it was told to stop.
 */
export const whenLauncherEnds = (startedByNpm: boolean, ended: () => void): void => {
  if (process.channel) {
    process.once('disconnect', ended);
    process.channel.unref();
  }
  if (!startedByNpm) return;
  const place = npmsPlace();
  const timer = setInterval(() => {
    if (npmsPlace() === place) return;
    clearInterval(timer);
    ended();
  }, LOOK_EVERY_MS).unref();
};
