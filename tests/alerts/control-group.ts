import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** A control group of the kernel's (version 1), as a container has one. */
export interface ControlGroup {
  /** What a process is run by to be in it, and to see it as its own. */
  wrapper: readonly string[];
  set(file: string, value: number): void;
}

/** Why no control groups can be made here; null when they can. */
export const noControlGroups = (controller: 'memory' | 'cpu'): string | null => {
  try {
    readFileSync(join(ROOT, controller, 'cgroup.procs'));
  } catch {
    return 'needs control groups of version 1';
  }
  return process.getuid?.() === 0 ? null : 'needs to be root';
};

/** Makes a control group that goes with `opened`, after the processes in it. */
export const makeControlGroup = (opened: AsyncDisposableStack, controller: 'memory' | 'cpu'): ControlGroup => {
  const folder = join(ROOT, controller, `innkeeper-alerts-${process.pid}`);
  mkdirSync(folder);
  opened.defer(() => rmdirSync(folder));
  const script = `echo $$ > ${folder}/cgroup.procs && mount --bind ${folder} ${join(ROOT, controller)} && exec "$@"`;
  return {
    wrapper: ['unshare', '-m', 'sh', '-c', script, 'sh'],
    set: (file, value) => writeFileSync(join(folder, `${controller}.${file}`), String(value)),
  };
};
