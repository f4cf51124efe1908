import { createAutoscaler } from './autoscaler/autoscaler.ts';
import { START_SECONDS } from './measured.ts';
import { createRecorder } from './metrics/recorded.ts';
import { createScrapes, SCRAPE_SECONDS } from './metrics/scrapes.ts';
import { limitsOf, type Mode } from './modes.ts';
import { seeded } from './service/random.ts';
import { createService } from './service/service.ts';
import { arrivals, type Trace } from './service/traces.ts';

/** A stretch of a run. */
export interface Point {
  minute: number;
  /** On average. */
  pods: number;
  /** 95 of 100 calls took so many seconds, those that were refused included. */
  p95: number;
  asked: number;
  refused: number;
}

export interface Run {
  trace: Trace;
  mode: Mode;
  points: Point[];
  /** How often the number of pods was changed. */
  changes: number;
}

/** Prometheus evaluates its rules, and the autoscaler asks, as often as pods are scraped, each a while after the other. */
const EVALUATED_AFTER = 5;
const SYNCED_AFTER = 10;

const SEED = 20_261_122;

const p95Of = (times: readonly { seconds: number; calls: number }[]): number => {
  const all = times.reduce((sum, { calls }) => sum + calls, 0);
  let seen = 0;
  const found = times
    .toSorted((one, other) => one.seconds - other.seconds)
    .find(({ calls }) => {
      seen += calls;
      return seen >= 0.95 * all;
    });
  return found?.seconds ?? 0;
};

/** Runs a trace in a mode, second by second; the same each time. */
export const simulate = (trace: Trace, mode: Mode, secondsOfPoint: number): Run => {
  const load = seeded(SEED);
  const service = createService(seeded(SEED + 1));
  const scrapes = createScrapes();
  const recorder = createRecorder(scrapes);
  const autoscaler = createAutoscaler(limitsOf(trace));
  const first = mode.metrics ? trace.min : trace.fixed;
  /** When each pod is ready. */
  let pods: number[] = Array(first).fill(0);
  let recorded = recorder.evaluate(0);
  let changes = 0;
  const points: Point[] = [];
  let times: { seconds: number; calls: number }[] = [];
  let sums = { pods: 0, asked: 0, refused: 0 };

  for (let second = 1; second <= trace.minutes * 60; second++) {
    const ready = pods.filter((readyAt) => readyAt <= second).length;
    const passed = service.pass(arrivals(trace, second, load), ready, trace.processors(second / 60));
    scrapes.count(passed, ready);
    if (second % SCRAPE_SECONDS === 0) scrapes.scrape(second);
    if (second % SCRAPE_SECONDS === EVALUATED_AFTER) recorded = recorder.evaluate(second);
    if (mode.metrics && second % SCRAPE_SECONDS === SYNCED_AFTER && second > 2 * SCRAPE_SECONDS) {
      const metrics = mode.metrics(recorded, Array(ready).fill((recorded.eventLoop ?? 0) / ready));
      const wanted = autoscaler.sync(second, pods.length, ready, metrics);
      if (wanted !== pods.length) changes += 1;
      const started = Array(Math.max(0, wanted - pods.length)).fill(second + START_SECONDS);
      pods = [...pods, ...started].slice(0, wanted);
    }
    times.push(...passed.times.map((seconds) => ({ seconds, calls: passed.served / passed.times.length })));
    if (passed.refused > 0) times.push({ seconds: Number.POSITIVE_INFINITY, calls: passed.refused });
    sums = {
      pods: sums.pods + pods.length,
      asked: sums.asked + passed.arrived,
      refused: sums.refused + passed.refused,
    };
    if (second % secondsOfPoint > 0) continue;
    points.push({ minute: second / 60, ...sums, pods: sums.pods / secondsOfPoint, p95: p95Of(times) });
    times = [];
    sums = { pods: 0, asked: 0, refused: 0 };
  }
  return { trace, mode, points, changes };
};
