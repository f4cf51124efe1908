interface Waiting<Call, Answer> {
  call: Call;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

interface Group<Call, Answer> {
  waiting: Waiting<Call, Answer>[];
  underWay: number;
}

export interface BatchingOptions<Call, Answer> {
  /** Calls in one batch at most. */
  most: number;
  /** Batches of one group under way at most: more than one, so that one is put together while another commits. */
  atOnce: number;
  /** Answers each call in order; when it throws, so does each of them. */
  run: (calls: Call[]) => Promise<Answer[]>;
}

/**
 * Runs calls of one group together: a call starts at once while its group has a batch to spare; those that come meanwhile
 * form the next batches, in their order.
 */
export const createBatching = <Call, Answer>({ most, atOnce, run }: BatchingOptions<Call, Answer>) => {
  const groups = new Map<string, Group<Call, Answer>>();

  const answer = async (batch: Waiting<Call, Answer>[]): Promise<void> => {
    try {
      const answers = await run(batch.map(({ call }) => call));
      if (answers.length !== batch.length) throw new Error('a batch got another number of answers than it has calls');
      answers.forEach((one, index) => void batch[index]?.resolve(one));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  /** Takes up batches, one after the other, until none of the group waits. */
  const serve = async (name: string, group: Group<Call, Answer>): Promise<void> => {
    group.underWay += 1;
    while (group.waiting.length > 0) await answer(group.waiting.splice(0, most));
    group.underWay -= 1;
    if (group.underWay === 0) groups.delete(name);
  };

  return (name: string, call: Call): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const group = groups.get(name) ?? { waiting: [], underWay: 0 };
      groups.set(name, group);
      group.waiting.push({ call, resolve, reject });
      if (group.underWay < atOnce) void serve(name, group);
    });
};
