/** How the process learns that it should stop. */
export interface StopRequest {
  /** Aborted once a stop is asked for, with a word for why. */
  readonly signal: AbortSignal;
  /** Resolves to that word. */
  readonly asked: Promise<string>;
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Under npm, one Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const ONE_KEYPRESS_MS = 300;
const LOOK_FOR_PARENT_EVERY_MS = 1_000;

/**
 * Listens for SIGINT, SIGTERM and SIGHUP from now on; a second one ends the process at once. A launcher that is killed
 * asks for a stop too: npm when `startedByNpm`, or our own.
 */
export const listenForStop = ({ startedByNpm }: { startedByNpm: boolean }): StopRequest => {
  const controller = new AbortController();
  const { signal } = controller;
  let askedAt = 0;
  const ask = (why: string) => {
    askedAt = performance.now();
    controller.abort(why);
  };
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (!signal.aborted) ask(name);
      else if (performance.now() - askedAt > ONE_KEYPRESS_MS) process.exit(128 + number);
    });
  }
  const launcherEnded = () => {
    if (!signal.aborted) ask('its launcher ended');
  };
  if (process.channel) process.once('disconnect', launcherEnded).channel?.unref();
  if (startedByNpm) {
    const npm = process.ppid;
    setInterval(() => process.ppid !== npm && launcherEnded(), LOOK_FOR_PARENT_EVERY_MS).unref();
  }
  return {
    signal,
    asked: new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(String(signal.reason)), { once: true });
    }),
  };
};
