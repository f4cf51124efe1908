import { HISTORY_FIELDS as F, type SharedStore } from '../../../src/platform/cache/shared/store.ts';

interface Kept {
  values: Map<string, { value: Buffer; endsAt: number }>;
  histories: Map<string, Map<string, string>>;
}

const copyOf = ({ values, histories }: Kept): Kept => ({
  values: new Map(values),
  histories: new Map([...histories].map(([key, fields]) => [key, new Map(fields)])),
});

/** What Redis does, in memory, with ways to let it fail. */
export const createFakeStore = (nowMs: () => number, beforeEach: () => Promise<void> = async () => {}) => {
  let kept: Kept = { values: new Map(), histories: new Map() };
  const locks = new Map<string, string>();
  let fails: 'never' | 'before' | 'after' = 'never';
  let commands = 0;

  const command =
    <Args extends unknown[], Answer>(does: (...args: Args) => Answer) =>
    async (...args: Args): Promise<Answer> => {
      commands += 1;
      await beforeEach();
      if (fails === 'before') throw new Error('it has failed');
      const answer = does(...args);
      await beforeEach();
      if (fails === 'after') throw new Error('the answer was lost');
      return answer;
    };

  const store: SharedStore = {
    read: command((key, historyKey, fields) => {
      const found = kept.values.get(key);
      const lives = found !== undefined && found.endsAt > nowMs();
      const history = kept.histories.get(historyKey);
      return {
        value: lives ? found.value : null,
        leftMs: lives ? found.endsAt - nowMs() : -2,
        fields: fields.map((field) => history?.get(field) ?? null),
      };
    }),
    write: command((key, value, lifeMs) => void kept.values.set(key, { value, endsAt: nowMs() + lifeMs })),
    history: command((historyKey) => {
      const fields = kept.histories.get(historyKey);
      const [id, cursor, at] = [F.id, F.cursor, F.at].map((field) => fields?.get(field));
      return id && cursor && at ? { id, cursor, at } : null;
    }),
    begin: command((historyKey, { replaces, id, at, cursor, chain }) => {
      if ((kept.histories.get(historyKey)?.get(F.id) ?? null) !== replaces) return false;
      const fields = { [F.id]: id, [F.from]: at, [F.at]: at, [F.cursor]: cursor, [`${F.chain}${chain}`]: '0' };
      kept.histories.set(historyKey, new Map(Object.entries(fields)));
      return true;
    }),
    mark: command((historyKey, { id, chain, after, since, ends, cursor, at, tags }) => {
      const fields = kept.histories.get(historyKey);
      if (fields?.get(F.id) !== id) return 'lost';
      const raise = (field: string, to: string) => {
        if ((fields.get(field) ?? '') < to) fields.set(field, to);
      };
      if (after === null ? (fields.get(F.cursor) ?? '') < since : fields.get(`${F.chain}${chain}`) !== String(after)) {
        return 'lost';
      }
      fields.set(`${F.chain}${chain}`, String(after === null ? 0 : after + 1));
      if (ends) fields.delete(`${F.chain}${ends}`);
      raise(F.cursor, cursor);
      raise(F.at, at);
      for (const [tag, event] of tags) {
        const [version = '0', last, lastAt = ''] = fields.get(tag)?.split(' ') ?? [];
        if (last !== event) fields.set(tag, `${Number(version) + 1} ${event} ${lastAt > at ? lastAt : at}`);
      }
      return 'marked';
    }),
    claim: command((key, owner) => {
      if (locks.has(key)) return false;
      locks.set(key, owner);
      return true;
    }),
    release: command((key, owner) => {
      if (locks.get(key) === owner) locks.delete(key);
    }),
    close: () => {},
  };

  return {
    store,
    get commands() {
      return commands;
    },
    values: () => [...kept.values.values()].map(({ value }) => value),
    fail: (how: typeof fails) => {
      fails = how;
    },
    flush: () => {
      kept = { values: new Map(), histories: new Map() };
    },
    /** Answers how to go back to what is kept now. */
    snapshot: () => {
      const then = copyOf(kept);
      return () => {
        kept = copyOf(then);
      };
    },
  };
};
