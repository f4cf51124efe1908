import type { Limits, Rate } from './autoscaler/autoscaler.ts';
import type { Metric } from './autoscaler/wanted.ts';
import { KNEE } from './measured.ts';
import type { Recorded } from './metrics/recorded.ts';
import type { Trace } from './service/traces.ts';

export interface Mode {
  name: string;
  title: string;
  /** What the autoscaler asks of; nothing where there is none. */
  metrics: ((recorded: Recorded, pods: readonly number[]) => Metric[]) | null;
}

/** The chart's defaults. */
export const LATENCY_SECONDS = 0.2;
export const EVENT_LOOP = 0.6;
export const CPU_PERCENT = 70;
/** Processors that a web pod requests. */
export const REQUEST = 0.5;
/** 0.7 of the knee. */
export const IN_FLIGHT = Math.floor(0.7 * KNEE);

const scaleUp: Rate = { pods: 2, periodSeconds: 60, stabilizationSeconds: 0 };
const scaleDown: Rate = { pods: 1, periodSeconds: 60, stabilizationSeconds: 300 };

export const limitsOf = ({ min, max }: Trace): Limits => ({ min, max, scaleUp, scaleDown });

/** As templates/_scaling_queries.tpl asks. */
const queries =
  (brake: boolean) =>
  ({ latency, databaseSlow, inFlight, eventLoop }: Recorded): Metric[] => {
    const braked = brake && databaseSlow;
    const late = latency === null ? null : Math.min(latency, 2 * LATENCY_SECONDS);
    return [
      { type: 'Value', value: braked ? LATENCY_SECONDS : late, target: LATENCY_SECONDS },
      { type: 'AverageValue', value: braked && inFlight !== null ? 0 : inFlight, target: IN_FLIGHT },
      { type: 'AverageValue', value: eventLoop, target: EVENT_LOOP },
    ];
  };

export const modes: readonly Mode[] = [
  { name: 'keda', title: 'KEDA, as in the chart', metrics: queries(true) },
  { name: 'unbraked', title: 'the same without the brake', metrics: queries(false) },
  {
    name: 'resource',
    title: 'processor time',
    metrics: (_recorded, pods) => [
      { type: 'Utilization', pods: pods.map((busy) => (100 * busy) / REQUEST), target: CPU_PERCENT },
    ],
  },
  {
    name: 'latency',
    title: 'latency alone',
    metrics: ({ latency }) => [{ type: 'Value', value: latency, target: LATENCY_SECONDS }],
  },
  { name: 'off', title: 'a fixed number of pods', metrics: null },
];
