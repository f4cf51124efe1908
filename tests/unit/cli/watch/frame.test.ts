import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inColour, plain, sparkline, toWidth, widthOf } from '../../../../src/cli/watch/drawing.ts';
import { type FrameOptions, frame } from '../../../../src/cli/watch/frame.ts';
import { createHistory } from '../../../../src/cli/watch/history.ts';
import { parseMetrics } from '../../../../src/features/performance/index.ts';

const text = readFileSync(join(import.meta.dirname, 'scrape.txt'), 'utf8');
const samples = parseMetrics(text);
const STARTED_MS = 1_000 * Number(/^process_start_time_seconds (\S+)/m.exec(text)?.[1]);
const HOUR_MS = 3_600_000;

const options: FrameOptions = {
  ...{ columns: 100, rows: 40, paint: plain, url: 'http://127.0.0.1:9464' },
  ...{ host: 'pod-7', time: '12:00:05', alerts: null },
};
const once = (changes: Partial<FrameOptions> = {}) =>
  frame(createHistory()(samples, STARTED_MS + HOUR_MS), { ...options, ...changes });

/** The same process, `seconds` later, with so many calls more. */
const later = (calls: number) =>
  samples.map((sample) =>
    sample.name.startsWith('innkeeper_request_duration_seconds') &&
    sample.labels.procedure === 'properties.get' &&
    sample.labels.outcome === 'ok'
      ? { ...sample, value: sample.value + calls }
      : sample,
  );

describe('a frame', () => {
  it('shows one scrape as figures since the process began', () => {
    const lines = once();
    expect(lines[0]).toMatch(/^Innkeeper 0\.1\.0 {2}pod-7 at http:\/\/127\.0\.0\.1:9464 +up 1 h 0 min {2}12:00:05$/);
    expect(lines[1]).toBe('Since the process began.');
    const page = lines.join('\n');
    expect(page).toMatch(/^rate +0\.6\/s/m);
    expect(page).toMatch(/^errors +0\.50 %/m);
    expect(page).toMatch(/p50 +47 ms/);
    expect(page).toMatch(/^primary +3 of 10 {2}━+─+ 1 waiting/m);
    expect(page).toMatch(/^lag +1\.50 s {2}10\.0\.0\.2:5432/m);
    expect(page).toMatch(/^bookings\.create +0\.2\/s/m);
  });

  it('shows rates and trends between two scrapes', () => {
    const view = createHistory();
    view(samples, STARTED_MS);
    frame(view(later(20), STARTED_MS + 2_000), options);
    const lines = frame(view(later(80), STARTED_MS + 4_000), options);
    expect(lines[1]).toBe('');
    expect(lines.join('\n')).toMatch(/^rate +30\.0\/s +▃█/m);
    expect(lines.join('\n')).not.toContain('bookings.create');
  });

  it.for([20, 40, 60, 75, 76, 80, 100, 132, 200])('is nowhere wider than a terminal of %i columns', (columns) => {
    const alerts = [{ name: 'PoolFull', severity: 'critical', state: 'active', summary: 'x'.repeat(300) }];
    for (const paint of [plain, inColour]) {
      for (const line of once({ columns, paint, alerts })) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('has colours only when told so', () => {
    const start = String.fromCharCode(27);
    expect(once().join('')).not.toContain(start);
    expect(once({ paint: inColour }).join('')).toContain(`${start}[`);
    expect(once({ paint: inColour }).map((line) => toWidth(line, 100).trimEnd().length > 0)).toEqual(
      once().map((line) => line.length > 0),
    );
  });

  it('shows what fires, but not the alert that always does', () => {
    const alert = (name: string, severity: string) => ({ name, severity, state: 'active', summary: `${name} it is` });
    expect(once({ alerts: [alert('Watchdog', 'none')] })[2]).toBe('● No alerts');
    expect(once({ alerts: [alert('Watchdog', 'none'), alert('PoolFull', 'critical')] })[2]).toBe(
      '● PoolFull (critical) PoolFull it is',
    );
    expect(once().join('\n')).not.toContain('●');
  });
});

it('a sparkline shows the newest values, set right', () => {
  expect(sparkline([1, 2, 4, 8], 3)).toBe('▃▅█');
  expect(sparkline([8], 3)).toBe('  █');
  expect(sparkline([0, 0], 2)).toBe('▁▁');
  expect(sparkline([0.5], 1, 1)).toBe('▅');
  expect(sparkline([1], 0)).toBe('');
});
