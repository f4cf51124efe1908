import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const PRIORITY = -10;
/** Linux shares processors among sessions first; what sets its own is found here. */
const SESSION = '/proc/self/autogroup';

const sessionPriority = (): number => Number(/nice (-?\d+)/.exec(readFileSync(SESSION, 'utf8'))?.[1] ?? 0);

/**
 * What else the machine does is not to be mistaken for a fault: this process and its children come first, where the system lets it
 * (it lets root). Answers how that is taken back.
 */
export const takePrecedence = (): (() => void) => {
  try {
    setPriority(PRIORITY);
    const before = sessionPriority();
    writeFileSync(SESSION, String(PRIORITY));
    return () => writeFileSync(SESSION, String(before));
  } catch {
    return () => {};
  }
};
