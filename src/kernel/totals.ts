import { z } from 'zod';

/** Counting stops here: a list never reads more rows than this for its total. */
export const TOTAL_CAP = 10_000;

/** What a list that can count takes beside its page. */
export const totalInput = { withTotal: z.boolean().default(false) };

/** What it answers beside its page, only when asked for by `withTotal`. */
export const totalOutput = {
  total: z.int().optional().meta({ description: 'All that match, when asked for by `withTotal`.' }),
  totalIsCapped: z.boolean().optional().meta({ description: 'True when there are more than `total`.' }),
};

/** The total of `matched` rows, of which at most TOTAL_CAP + 1 were counted. */
export const cappedTotal = (matched: number): { total: number; totalIsCapped: boolean } => ({
  total: Math.min(matched, TOTAL_CAP),
  totalIsCapped: matched > TOTAL_CAP,
});
