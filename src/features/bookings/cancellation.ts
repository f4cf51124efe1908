import { instantOf, type LocalDate } from '../../kernel/dates.ts';
import { shareOf, sum } from '../../kernel/money.ts';
import type { RatePlanTerms } from '../rates/index.ts';

export type CancellationTier = RatePlanTerms['cancellation'][number];
/** A share of the line's total or the price of its first nights. */
export type FeeRule = RatePlanTerms['noShow']['fee'];

/** What a fee is reckoned from; amounts in minor units. */
export interface FeeLine {
  /** What the guest pays for the line, added taxes included. */
  total: number;
  nights: { night: LocalDate; amount: number }[];
}

export interface Cancellation {
  terms: RatePlanTerms['cancellation'];
  line: FeeLine & { arrival: LocalDate };
  /** 'HH:MM' on the property's clocks. */
  checkInTime: string;
  timeZone: string;
  nowMs: number;
}

export interface CancellationFee {
  /** Minor units, from 0 to the line's total. */
  fee: number;
  /** The tier that sets the fee; null when none applies. */
  tier: CancellationTier | null;
  /** Real hours until check-in, rounded down to hundredths; negative after it. For display: tiers compare milliseconds. */
  hoursBefore: number;
}

const HOUR_MS = 3_600_000;

const feeOf = (rule: FeeRule, { total, nights }: FeeLine): number => {
  if (rule.kind === 'percent') return Math.min(total, shareOf(total, rule.basisPoints));
  if (rule.nights >= nights.length) return total;
  const inOrder = nights.toSorted((a, b) => (a.night < b.night ? -1 : 1));
  return Math.min(total, sum(inOrder.slice(0, rule.nights).map(({ amount }) => amount)));
};

/**
 * The fee of cancelling a line now. Of the tiers whose hours still lie between now and check-in, the one with the
 * most hours sets it; later than every tier costs the whole line. Terms without tiers are free until check-in.
 */
export const cancellationFee = ({ terms, line, checkInTime, timeZone, nowMs }: Cancellation): CancellationFee => {
  const leftMs = instantOf(line.arrival, checkInTime, timeZone) - nowMs;
  const hoursBefore = Math.floor(leftMs / (HOUR_MS / 100)) / 100;
  let tier: CancellationTier | null = null;
  for (const candidate of terms) {
    if (candidate.hoursBefore * HOUR_MS > leftMs) continue;
    if (tier === null || candidate.hoursBefore > tier.hoursBefore) tier = candidate;
  }
  if (tier) return { fee: feeOf(tier.fee, line), tier, hoursBefore };
  const free = terms.length === 0 && leftMs >= 0;
  return { fee: free ? 0 : line.total, tier, hoursBefore };
};

/** The fee of a no-show, in minor units, from 0 to the line's total. */
export const noShowFee = (rule: FeeRule, line: FeeLine): number => feeOf(rule, line);
