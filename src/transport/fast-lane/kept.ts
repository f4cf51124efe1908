import type { Answer, KeptAnswer, Outcome } from './answer.ts';

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

const joined = (parts: readonly KeptAnswer[]): Buffer =>
  Buffer.concat([OPEN, ...parts.flatMap(({ result }, index) => (index ? [COMMA, result] : [result])), CLOSE]);

/** The answer of calls that were all answered before, put together without reading it; null for any others. */
export const keptAnswer = (outcomes: readonly Outcome[], batch: boolean): Answer | null => {
  const kept = outcomes.flatMap((outcome) => ('kept' in outcome ? [outcome.kept] : []));
  const [only] = kept;
  if (!only || kept.length < outcomes.length) return null;
  return batch ? { status: 200, body: joined(kept) } : { status: 200, body: only.result, etag: only.etag };
};
