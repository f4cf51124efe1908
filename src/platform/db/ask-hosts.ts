import type { HostState } from './primary-locator.ts';

export interface HostQuestion {
  hosts: readonly string[];
  /** Rejects when the host does not answer in time. */
  ask: (host: string) => Promise<HostState>;
  /** After an answer that is enough the others may still come for a moment. */
  isEnough: (state: HostState) => boolean;
  moment: () => Promise<unknown>;
  /** Told of what comes after that. */
  onLate: (state: HostState) => void;
}

/** What the hosts say, those that say it in time, and what kept the others from it. Never rejects. */
export const askHosts = async ({ hosts, ask, isEnough, moment, onLate }: HostQuestion) => {
  const answers = new Map<string, HostState>();
  const errors: unknown[] = [];
  const enough = Promise.withResolvers<void>();
  let isOver = false;
  const all = hosts.map(async (host) => {
    try {
      const state = await ask(host);
      if (isOver) return onLate(state);
      answers.set(host, state);
      if (isEnough(state)) enough.resolve();
    } catch (error) {
      errors.push(error);
    }
  });
  await Promise.race([Promise.all(all), enough.promise.then(moment)]);
  isOver = true;
  return { answers, errors };
};
