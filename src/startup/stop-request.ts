import { whenLauncherEnds } from './launcher-watch.ts';

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

/** Listens for SIGINT, SIGTERM, SIGHUP and the end of the launcher; a second signal ends the process at once. */
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
  whenLauncherEnds(startedByNpm, () => {
    if (!signal.aborted) ask('its launcher ended');
  });
  return {
    signal,
    asked: new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(String(signal.reason)), { once: true });
    }),
  };
};
