import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { blocksOf, readRunbooks } from '../observability/runbooks.ts';
import { type Fault, LASTING, type RunbookMend } from './fault.ts';
import { type Alert, type Monitoring, nameOf, SCALE, startMonitoring } from './monitoring.ts';
import { scaleExpression } from './scaled-rules.ts';
import { restoreStage, type Stage, targetsOf } from './stage.ts';
import { environmentOf } from './surroundings.ts';

/** What happened, in seconds from the fault's begin and from its mend. */
export interface Outcome {
  fault: Fault;
  fired: Map<string, number>;
  notified: string[];
  resolvedSeconds: number;
  mendedBy: string;
  /** What was not as it should be. */
  findings: string[];
}

const BASELINE_MS = 7_000;
const MOST_BASELINES = 8;
/** For what else may fire, once all that should have. */
const SETTLE_MS = 2_500;
const FIRE_MS = 60_000;
const RESOLVE_MS = 75_000;
const LOOK_MS = 250;
const QUIET = 'Watchdog';
const LABELS = ['service', 'severity', 'signal'];
const WITHOUT_NAMESPACE = new Set(['Watchdog', 'InnkeeperAbsent']);
const ANNOTATIONS = ['summary', 'description', 'runbook_url', 'dashboard_url'];

const runbooks = readRunbooks();
const blockOf = (name: string, heading: string, language: 'promql' | 'sh', block = 0): string => {
  const runbook = runbooks.find((one) => one.name === name);
  const text = runbook && blocksOf(runbook, heading, language)[block];
  if (!text) throw new Error(`runbook ${name} has no such block under "${heading}"`);
  return text;
};

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

const mendBy = async (stage: Stage, monitoring: Monitoring, mends: readonly RunbookMend[]): Promise<void> => {
  for (const { runbook, block, environment } of mends) {
    const commands = blockOf(runbook, 'Mend', 'sh', block);
    await stage.toolbox.run(commands, { ...environmentOf(stage, monitoring), ...environment });
  }
};

const faultsOf = ({ labels, annotations }: Alert): string[] => [
  ...LABELS.filter((name) => !labels[name]).map((name) => `has no label ${name}`),
  // Where a series says which installation it is about, so does the alert.
  ...(WITHOUT_NAMESPACE.has(labels.alertname ?? '') || labels.namespace ? [] : ['has no label namespace']),
  ...ANNOTATIONS.filter((name) => !annotations[name]).map((name) => `has no annotation ${name}`),
];

/** Begins the fault, waits for its alerts, mends it, waits for their end, and says what was not as expected. */
export const runFault = async (
  stage: Stage,
  fault: Fault,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<Outcome> => {
  await using opened = new AsyncDisposableStack();
  await restoreStage(stage);
  const more = (await fault.prepare?.(stage, opened)) ?? [];
  const targets = [...targetsOf(stage), ...more];
  const { fires, inhibited = [], symptoms = [], withinMs = FIRE_MS } = fault;
  const allowed = new Set<string>([QUIET, ...fires, ...symptoms, ...LASTING]);
  const fired = new Map<string, number>();
  const findings = new Set<string>();
  let begunAt = performance.now();
  let watching = new AsyncDisposableStack();
  opened.defer(() => watching.disposeAsync());
  let monitoring = await startMonitoring(watching, join(stage.folder, folder), targets);

  const look = async (): Promise<string[]> => {
    const now = await monitoring.firing();
    for (const alert of now) {
      const name = nameOf(alert);
      if (name === QUIET || fired.has(name)) continue;
      fired.set(name, seconds(begunAt));
      if (!allowed.has(name)) findings.add(`${name} fires too: ${alert.annotations.summary}`);
    }
    return now.map(nameOf);
  };
  const lookFor = async (ms: number, over: (firing: string[]) => boolean = () => false): Promise<boolean> => {
    for (const until = performance.now() + ms; performance.now() < until; await delay(LOOK_MS, undefined, { signal })) {
      if (over(await look())) return true;
    }
    return false;
  };

  // What began with the fault before, or with whatever else the machine does, is to be over and forgotten.
  for (let tries = 0; tries < MOST_BASELINES; tries++) {
    fired.clear();
    findings.clear();
    await lookFor(BASELINE_MS);
    if (fired.size === 0) break;
    await watching.disposeAsync();
    watching = new AsyncDisposableStack();
    monitoring = await startMonitoring(watching, join(stage.folder, `${folder}-${tries}`), targets);
  }
  for (const name of fired.keys()) findings.add(`${name} fired before the fault`);
  begunAt = performance.now();
  const { mend } = await fault.begin(stage, opened);
  const missing = () => fires.filter((name) => !fired.has(name));
  await lookFor(withinMs, () => missing().length === 0);
  for (const name of missing()) findings.add(`${name} does not fire`);
  await lookFor(SETTLE_MS);

  const shownBy = fault.shownBy === undefined ? fires[0]?.split(' ')[0] : fault.shownBy;
  if (shownBy) {
    const query = scaleExpression(blockOf(shownBy, 'Look here first', 'promql'), SCALE);
    if ((await monitoring.query(query)).length === 0) findings.add(`the first query of ${shownBy} shows nothing`);
  }

  const mendedAt = performance.now();
  if (typeof mend === 'function') await mend();
  else await mendBy(stage, monitoring, mend);
  const over = (firing: string[]) => firing.every((name) => name === QUIET || LASTING.some((one) => one === name));
  if (!(await lookFor(RESOLVE_MS, over))) findings.add(`not resolved: ${(await look()).join(', ')}`);
  const resolvedSeconds = seconds(mendedAt);

  const told = (status: string) =>
    new Set(
      monitoring.notifications
        .filter((one) => one.status === status)
        .map(nameOf)
        .filter((name) => name !== QUIET),
    );
  const untold = () => [
    ...fires
      .filter((name) => !inhibited.includes(name) && !told('firing').has(name))
      .map((name) => `${name} is not told`),
    ...[...told('firing')]
      .filter((name) => !told('resolved').has(name) && !LASTING.some((one) => one === name))
      .map((name) => `the end of ${name} is not told`),
  ];
  for (let tries = 0; untold().length > 0 && tries < 40; tries++) await delay(LOOK_MS);
  for (const finding of untold()) findings.add(finding);
  for (const alert of monitoring.notifications) {
    for (const finding of faultsOf(alert)) findings.add(`${nameOf(alert)} ${finding}`);
  }
  return {
    ...{ fault, fired, notified: [...told('firing')], resolvedSeconds, findings: [...findings] },
    mendedBy: typeof mend === 'function' ? 'undone' : mend.map(({ runbook }) => `${runbook}.md`).join(', '),
  };
};
