import { AppError } from '../../kernel/app-error.ts';

export interface ConcurrencySettings {
  /** How many may run at a time. */
  most: number;
  /** How many may wait for their turn. */
  mostWaiting: number;
  /** How long each may wait. */
  waitMs: number;
  /** Told of each that is turned away. */
  onShed?: () => void;
}

export interface Impatience {
  /** Whoever waits is dropped when it comes. */
  signal?: AbortSignal | undefined;
  /** Less than the limit's own. */
  waitMs?: number;
}

export interface ConcurrencyLimit {
  readonly most: number;
  readonly running: number;
  readonly waiting: number;
  /**
   * Runs `work` in its turn, first come, first served. Throws AppError OVERLOADED, at once when too many wait already or
   * else when the wait is too long, and CLIENT_GONE; `work` has not begun then.
   */
  run<T>(work: () => Promise<T>, impatience?: Impatience): Promise<T>;
}

/** What the overloaded asks for; clients wait a random time on top. */
const RETRY_AFTER_SECONDS = 1;

const overloaded = () =>
  new AppError('unavailable', 'OVERLOADED', 'The server has too much to do. Try again in a moment.', {
    retryable: true,
    details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });

const clientGone = () => new AppError('invalid', 'CLIENT_GONE', 'The client left before its turn came.');

export const createConcurrencyLimit = ({
  most,
  mostWaiting,
  waitMs,
  onShed,
}: ConcurrencySettings): ConcurrencyLimit => {
  const queue = new Set<() => void>();
  let running = 0;

  const shed = (): AppError => {
    onShed?.();
    return overloaded();
  };

  const turn = ({ signal, waitMs: patienceMs = waitMs }: Impatience): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(start);
        clearTimeout(timer);
        signal?.removeEventListener('abort', drop);
      };
      const start = () => {
        leave();
        resolve();
      };
      const refuse = (error: AppError) => {
        leave();
        reject(error);
      };
      const drop = () => refuse(clientGone());
      const timer = setTimeout(() => refuse(shed()), Math.min(patienceMs, waitMs));
      signal?.addEventListener('abort', drop, { once: true });
      queue.add(start);
    });

  /** Hands the place on, or gives it up. */
  const leavePlace = (): void => {
    const [next] = queue;
    if (next) next();
    else running -= 1;
  };

  return {
    most,
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
    async run(work, impatience = {}) {
      if (impatience.signal?.aborted) throw clientGone();
      if (running < most) running += 1;
      else if (queue.size < mostWaiting) await turn(impatience);
      else throw shed();
      try {
        return await work();
      } finally {
        leavePlace();
      }
    },
  };
};
