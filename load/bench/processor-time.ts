import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface Process {
  pid: number;
  parent: number;
  ticks: number;
}

/** Of what /proc tells (Linux): its own time and that of its children that have ended. */
const readProcess = (pid: number): Process | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return null;
  }
};

/** Milliseconds of processor time that a process and those it started have taken so far; NaN where the system does not tell. */
export const processorTimeOf = (root: number, withChildren: boolean): number => {
  const own = readProcess(root);
  if (!own) return Number.NaN;
  if (!withChildren) return (own.ticks * 1_000) / TICKS_PER_SECOND;
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  const family = new Set([root]);
  let ticks = own.ticks;
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent, ticks: more } of all) {
      if (family.has(pid) || !family.has(parent)) continue;
      family.add(pid);
      ticks += more;
      grown = true;
    }
  }
  return (ticks * 1_000) / TICKS_PER_SECOND;
};
