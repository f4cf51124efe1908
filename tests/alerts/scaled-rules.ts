import { parser } from '@prometheus-io/lezer-promql';
import { parse, stringify } from 'yaml';

/** How time runs faster: durations are divided by `factor`, and last `leastMs` at least. */
export interface TimeScale {
  factor: number;
  leastMs: number;
}

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};

/** Milliseconds of a duration as Prometheus writes it: 1h30m. Throws when it isn't one. */
export const durationMs = (text: string): number => {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.map(([part]) => part).join('') !== text) throw new Error(`not a duration: ${text}`);
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
};

export const scaleDuration = (text: string, { factor, leastMs }: TimeScale): string => {
  const ms = durationMs(text);
  return ms === 0 ? text : `${Math.max(leastMs, Math.round(ms / factor))}ms`;
};

/** The expression with its windows and offsets scaled, and nothing else. */
export const scaleExpression = (expression: string, scale: TimeScale): string => {
  const durations: { from: number; to: number }[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      if (name === 'NumberDurationLiteralInDurationContext') durations.push({ from, to });
    },
  });
  return durations.reduceRight(
    (text, { from, to }) => text.slice(0, from) + scaleDuration(text.slice(from, to), scale) + text.slice(to),
    expression,
  );
};

interface RuleFile {
  groups: { name: string; rules: { expr: string; for?: string; record?: string; alert?: string }[] }[];
}

/** A rule file with all its times scaled. */
export const scaleRules = (text: string, scale: TimeScale): string => {
  const { groups } = parse(text) as RuleFile;
  return stringify({
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({
        ...rule,
        expr: scaleExpression(rule.expr, scale),
        ...(rule.for === undefined ? {} : { for: scaleDuration(rule.for, scale) }),
      })),
    })),
  });
};
