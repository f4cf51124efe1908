import type { Database } from '../../../src/platform/db/database.ts';

/** A database whose reads wait while it is held. */
export const holdableReads = (database: Database) => {
  let gate = Promise.resolve();
  let open = () => {};
  const underWay = new Set<Promise<unknown>>();
  const held: Database = {
    ...database,
    read: async (scope, side, work) => {
      await gate;
      const reading = database.read(scope, side, work);
      const settled: Promise<unknown> = reading.catch(() => {}).finally(() => underWay.delete(settled));
      underWay.add(settled);
      return reading;
    },
  };
  return {
    database: held,
    /** Resolves when no read is under way any more. */
    async hold() {
      const next = Promise.withResolvers<void>();
      gate = next.promise;
      open = next.resolve;
      while (underWay.size > 0) await Promise.all(underWay);
    },
    release: () => open(),
  };
};
