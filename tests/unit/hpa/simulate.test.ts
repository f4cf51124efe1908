import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  CPU_PERCENT,
  EVENT_LOOP,
  IN_FLIGHT,
  LATENCY_SECONDS,
  limitsOf,
  modes,
  REQUEST,
} from '../../../load/hpa/modes.ts';
import { traces } from '../../../load/hpa/service/traces.ts';
import { type Run, simulate } from '../../../load/hpa/simulate.ts';

const runOf = (traceName: string, modeName: string): Run => {
  const trace = traces.find(({ name }) => name === traceName);
  const mode = modes.find(({ name }) => name === modeName);
  if (!trace || !mode) throw new Error(`there is no ${traceName} or no ${modeName}`);
  return simulate(trace, mode, 60);
};

const mostOf = ({ points }: Run): number => Math.max(...points.map(({ pods }) => pods));
const refusedOf = ({ points }: Run): number => points.reduce((sum, { refused }) => sum + refused, 0);

it('a run is the same each time', () => {
  expect(runOf('flash-sale', 'keda')).toEqual(runOf('flash-sale', 'keda'));
});

describe('a brown-out of the database', () => {
  const braked = runOf('brown-out', 'keda');
  const unbraked = runOf('brown-out', 'unbraked');

  it('with the brake the pods stay as many', () => {
    expect(new Set(braked.points.map(({ pods }) => pods))).toEqual(new Set([braked.trace.min]));
  });

  it('without it they go to their maximum, and more calls are refused', () => {
    expect(mostOf(unbraked)).toBe(unbraked.trace.max);
    expect(refusedOf(unbraked)).toBeGreaterThan(refusedOf(braked));
  });
});

it('a flash sale has the pods that it needs within three minutes, brake or not', () => {
  for (const mode of ['keda', 'unbraked']) {
    const { points } = runOf('flash-sale', mode);
    const during = points.filter(({ minute }) => minute > 24 && minute <= 50);
    expect(Math.max(...during.map(({ refused }) => refused))).toBe(0);
    expect(Math.max(...during.map(({ p95 }) => p95))).toBeLessThan(LATENCY_SECONDS);
  }
});

it('latency alone makes pods come and go', () => {
  expect(runOf('flash-sale', 'latency').changes).toBeGreaterThan(2 * runOf('flash-sale', 'keda').changes);
});

it('what is simulated are the defaults of the chart', () => {
  const rate = z.object({ pods: z.number(), periodSeconds: z.number(), stabilizationSeconds: z.number() });
  const target = z.object({ target: z.number() });
  const { autoscaling, web } = z
    .object({
      autoscaling: z.object({
        ...{ latency: target, inFlight: target, eventLoop: target, scaleUp: rate, scaleDown: rate },
        resource: z.object({ cpu: z.number() }),
      }),
      web: z.object({ resources: z.object({ requests: z.object({ cpu: z.string() }) }) }),
    })
    .parse(parse(readFileSync(new URL('../../../helm/innkeeper/values.yaml', import.meta.url), 'utf8')));
  const [trace] = traces;
  const { scaleUp, scaleDown } = limitsOf(trace ?? runOf('day', 'off').trace);
  expect({ scaleUp: autoscaling.scaleUp, scaleDown: autoscaling.scaleDown }).toEqual({ scaleUp, scaleDown });
  expect(autoscaling.latency.target).toBe(LATENCY_SECONDS);
  expect(autoscaling.inFlight.target).toBe(IN_FLIGHT);
  expect(autoscaling.eventLoop.target).toBe(EVENT_LOOP);
  expect(autoscaling.resource.cpu).toBe(CPU_PERCENT);
  expect(web.resources.requests.cpu).toBe(`${REQUEST * 1_000}m`);
});
