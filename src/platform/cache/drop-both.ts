/**
 * Drops from memory, then from Redis, and from memory again what was taken from Redis meanwhile; what was being filled before is
 * left in neither. Answers how many memory held, and what `dropShared` answers.
 */
export const dropBoth = async (
  dropMemory: () => number,
  dropShared: () => Promise<number | null>,
): Promise<{ memory: number; redis: number | null }> => {
  const before = dropMemory();
  const redis = await dropShared();
  return { memory: before + dropMemory(), redis };
};
