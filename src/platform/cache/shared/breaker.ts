export interface BreakerOptions {
  nowMs: () => number;
  /** Told when commands are no longer begun, with the reason, and when they are again. */
  onChange: (reason: string | null) => void;
}

/** Keeps commands from a store that does not answer. */
export interface Breaker {
  /** Runs a command; rejects with its error, or with StoreNotAsked where it is not begun. */
  run<Answer>(command: () => Promise<Answer>): Promise<Answer>;
  /** Commands that failed. */
  readonly errors: number;
  readonly isOpen: boolean;
}

/** Failures in a row after which nothing is asked. */
const MOST_FAILURES = 5;
/** Then one command a second finds out whether it answers again. */
const PROBE_MS = 1_000;
/** Commands under way at a time; more are not begun. */
const MOST_UNDER_WAY = 256;

/** Thrown in place of a command that is not begun. */
export class StoreNotAsked extends Error {
  override readonly name = 'StoreNotAsked';
}

export const createBreaker = ({ nowMs, onChange }: BreakerOptions): Breaker => {
  let failures = 0;
  let errors = 0;
  let underWay = 0;
  let isOpen = false;
  let nextProbeAt = 0;

  const succeeded = (): void => {
    failures = 0;
    if (!isOpen) return;
    isOpen = false;
    onChange(null);
  };

  const failed = (error: unknown): void => {
    errors += 1;
    failures += 1;
    if (isOpen || failures < MOST_FAILURES) return;
    isOpen = true;
    nextProbeAt = nowMs() + PROBE_MS;
    // The error itself may hold the command, and that a password.
    onChange(error instanceof Error ? error.message : String(error));
  };

  return {
    async run(command) {
      if (underWay >= MOST_UNDER_WAY) throw new StoreNotAsked('too many commands are under way');
      if (isOpen && nowMs() < nextProbeAt) throw new StoreNotAsked('the store does not answer');
      if (isOpen) nextProbeAt = nowMs() + PROBE_MS;
      underWay += 1;
      try {
        const answer = await command();
        succeeded();
        return answer;
      } catch (error) {
        failed(error);
        throw error;
      } finally {
        underWay -= 1;
      }
    },
    get errors() {
      return errors;
    },
    get isOpen() {
      return isOpen;
    },
  };
};
