import { expect, it } from 'vitest';
import { createRecorder, quantileOf } from '../../../load/hpa/metrics/recorded.ts';
import { createScrapes, SCRAPE_SECONDS } from '../../../load/hpa/metrics/scrapes.ts';
import type { Second } from '../../../load/hpa/service/service.ts';

const quiet: Second = { arrived: 0, served: 0, refused: 0, times: [], statement: 0, inFlight: 0, busy: 0 };
const busy: Second = { ...quiet, arrived: 400, served: 400, times: [0.05], statement: 0.002, inFlight: 8, busy: 0.5 };

/** Scrapes each 15 seconds' worth of what is there, and evaluates after each. */
const watch = (pods = 2) => {
  const scrapes = createScrapes();
  const recorder = createRecorder(scrapes);
  let second = 0;
  let recorded = recorder.evaluate(0);
  return (what: Second, seconds: number) => {
    for (const until = second + seconds; second < until; ) {
      second += 1;
      scrapes.count(what, pods);
      if (second % SCRAPE_SECONDS > 0) continue;
      scrapes.scrape(second);
      recorded = recorder.evaluate(second + 1);
    }
    return recorded;
  };
};

it('a quantile lies on the line within its bucket, as Prometheus has it', () => {
  expect(quantileOf([0, 0, 0, 270, 300, 300, 300, 300, 300], 0.95)).toBeCloseTo(0.35);
  expect(quantileOf([0, 0, 0, 0, 0, 0, 0, 0, 300], 0.95)).toBe(10);
  expect(quantileOf([0, 0, 0, 0, 0, 0, 0, 0, 0], 0.95)).toBeNaN();
});

it('nothing is recorded before there are two scrapes, and 0 while nothing is asked', () => {
  const at = watch();
  expect(at(quiet, 15).latency).toBeNull();
  expect(at(quiet, 60)).toEqual({ latency: 0, databaseSlow: false, inFlight: 0, eventLoop: 0 });
});

it('a latency is that of the last minute; where all are refused nobody knows it', () => {
  const at = watch();
  expect(at(busy, 120).latency).toBeCloseTo(0.025 + 0.95 * 0.075);
  expect(at({ ...quiet, arrived: 400, refused: 400 }, 120).latency).toBeNull();
});

it('event loops are summed over pods', () => {
  expect(watch(3)(busy, 60).eventLoop).toBeCloseTo(1.5);
});

it('calls in flight are the lesser of two looks', () => {
  const at = watch();
  at(busy, 60);
  expect(at({ ...busy, inFlight: 300 }, 15).inFlight).toBe(8);
  expect(at({ ...busy, inFlight: 300 }, 15).inFlight).toBe(300);
});

it('the database is slow from the second scrape on, and for two minutes after', () => {
  const at = watch();
  expect(at(busy, 60).databaseSlow).toBe(false);
  expect(at({ ...busy, served: 40, statement: 0.4 }, 15).databaseSlow).toBe(true);
  expect(at(busy, 105).databaseSlow).toBe(true);
  expect(at(busy, 15).databaseSlow).toBe(false);
});
