import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startProgram } from '../../prometheus/src/programs.ts';
import { type Server, startPrometheus } from '../../prometheus/src/servers.ts';
import { freePort } from '../../src/embedded/ports.ts';

const RULES = join(import.meta.dirname, '../../prometheus/rules/slo.yaml');
const STEP_S = 60;
const DAYS = 3.5;
const REQUESTS_A_SECOND = 10;
const NAME = 'innkeeper_request_duration_seconds';
/** What the last window of an alert waits for. */
const HELD_HOURS = 3;
const HELD_STEP_S = 300;

/** Which share of the requests was bad, so many hours ago. */
type Burn = (hoursAgo: number) => number;

/** Days of request counters that end now, as OpenMetrics. */
const history = (nowS: number, burn: Burn): string => {
  const counts = { good: 0, slow: 0, failed: 0 };
  const series: Record<string, () => number> = {
    [`${NAME}_bucket{kind="query",outcome="ok",le="0.5"}`]: () => counts.good,
    [`${NAME}_bucket{kind="query",outcome="ok",le="+Inf"}`]: () => counts.good + counts.slow,
    [`${NAME}_count{kind="query",outcome="ok"}`]: () => counts.good + counts.slow,
    [`${NAME}_sum{kind="query",outcome="ok"}`]: () => counts.good / 10,
    [`${NAME}_bucket{kind="query",outcome="error",le="0.5"}`]: () => counts.failed,
    [`${NAME}_bucket{kind="query",outcome="error",le="+Inf"}`]: () => counts.failed,
    [`${NAME}_count{kind="query",outcome="error"}`]: () => counts.failed,
    [`${NAME}_sum{kind="query",outcome="error"}`]: () => counts.failed / 10,
  };
  const lines = new Map(Object.keys(series).map((name) => [name, [] as string[]]));
  for (let at = nowS - DAYS * 86_400; at <= nowS; at += STEP_S) {
    const requests = REQUESTS_A_SECOND * STEP_S;
    const bad = requests * burn((nowS - at) / 3_600);
    counts.good += requests - bad;
    // Half of what is bad has failed, half was too slow.
    counts.slow += bad / 2;
    counts.failed += bad / 2;
    for (const [name, value] of Object.entries(series)) {
      lines.get(name)?.push(`${name.replace('{', '{namespace="alerts",')} ${value()} ${at}`);
    }
  }
  return [`# TYPE ${NAME} histogram`, ...[...lines.values()].flat(), '# EOF', ''].join('\n');
};

const promtool = async (...args: string[]): Promise<void> => {
  const program = startProgram('promtool', args);
  await program.exited;
  if (program.child.exitCode !== 0) throw new Error(`promtool ${args.join(' ')}:\n${program.said}`);
};

const alertRules = async () => {
  const { groups } = parse(await readFile(RULES, 'utf8')) as {
    groups: { rules: { alert?: string; expr: string; labels?: { window?: string } }[] }[];
  };
  return groups
    .flatMap(({ rules }) => rules)
    .filter(({ alert }) => alert === 'ErrorBudgetBurn')
    .map(({ expr, labels }) => ({ window: labels?.window ?? '', expr }));
};

/** At how many moments of the last three hours the expression held. */
const heldAt = async ({ url }: Server, expr: string, nowS: number): Promise<number> => {
  const query = new URLSearchParams({
    query: expr,
    ...{ start: String(nowS - HELD_HOURS * 3_600), end: String(nowS), step: String(HELD_STEP_S) },
  });
  const response = await fetch(`${url}/api/v1/query_range?${query}`);
  if (!response.ok) throw new Error(await response.text());
  const { data } = (await response.json()) as { data: { result: { values: unknown[] }[] } };
  return data.result.reduce((sum, { values }) => sum + values.length, 0);
};

/**
 * The shipped rules at their true length over days of back-filled blocks. Answers the windows of the budget whose alert has held
 * for the whole of the last three hours, and those whose alert held at all.
 */
const windowsHeld = async (folder: string, burn: Burn): Promise<{ throughout: string[]; everHeld: string[] }> => {
  await mkdir(folder, { recursive: true });
  const nowS = Math.floor(Temporal.Now.instant().epochMilliseconds / 1_000 / STEP_S) * STEP_S;
  const text = join(folder, 'history.txt');
  const blocks = join(folder, 'prometheus');
  await writeFile(text, history(nowS, burn));
  await promtool('tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, blocks);
  const onServer = async <T>(work: (server: Server) => Promise<T>): Promise<T> => {
    const server = await startPrometheus({
      ...{ folder, address: `127.0.0.1:${await freePort(0)}` },
      settings: 'global: { evaluation_interval: 1h }\n',
    });
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  };
  // What builds on what is recorded needs that in blocks beforehand.
  for (const [start, interval] of [
    [nowS - (DAYS * 86_400 - 600), STEP_S],
    [nowS - HELD_HOURS * 3_600 - 2 * HELD_STEP_S, STEP_S],
  ]) {
    await onServer(({ url }) =>
      promtool(
        ...['tsdb', 'create-blocks-from', 'rules', `--url=${url}`, `--start=${start}`, `--end=${nowS}`],
        ...[`--eval-interval=${interval}s`, `--output-dir=${blocks}`, RULES],
      ),
    );
  }
  const moments = (HELD_HOURS * 3_600) / HELD_STEP_S + 1;
  return onServer(async (server) => {
    const held = await Promise.all(
      (await alertRules()).map(async ({ window, expr }) => ({ window, times: await heldAt(server, expr, nowS) })),
    );
    return {
      throughout: held.filter(({ times }) => times === moments).map(({ window }) => window),
      everHeld: held.filter(({ times }) => times > 0).map(({ window }) => window),
    };
  });
};

/** Twice what the objective allows, day by day: a page for nobody, a ticket after three days. */
const SLOW: Burn = () => 0.002;

/** What the rules of the budget make of a slow burn, where that is not just the one alert for it. */
export const budgetFindings = async (signal: AbortSignal): Promise<string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'innkeeper-burn-'));
  try {
    signal.throwIfAborted();
    const { throughout, everHeld } = await windowsHeld(folder, SLOW);
    return [
      ...(throughout.join() === '3d' ? [] : [`held for three hours: ${throughout.join(', ') || 'none'}, not just 3d`]),
      ...(everHeld.join() === '3d' ? [] : [`held at times: ${everHeld.join(', ') || 'none'}, not just 3d`]),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
