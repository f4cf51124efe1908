import { randomBytes } from 'node:crypto';
import { type Cluster, openCluster, TEST_LABEL } from './cluster.ts';
import { run } from './command.ts';
import { loadImages } from './images/load.ts';
import { findNeeded, type Given } from './needed.ts';
import { openRelease } from './release.ts';
import { keepResults, openReport, type Report } from './report.ts';
import type { Stage } from './stage.ts';
import { install } from './stages/install.ts';
import { leastConnections } from './stages/least-connections.ts';
import { scaling } from './stages/scaling.ts';
import { uninstall } from './stages/uninstall.ts';
import { upgrade } from './stages/upgrade.ts';

// npm run test:cluster: installs the chart on the cluster that KUBECONFIG names, and measures there what it promises. All of it is
// in a namespace of its own, which is removed at the end. tests/cluster/RESULTS.md gets what was measured. With names of stages
// only those are run, after the first, and the results are not kept.

const STAGES: readonly Stage[] = [install, leastConnections, upgrade, scaling, uninstall];

const stop = new AbortController();
const giveUp = (name: NodeJS.Signals) => {
  if (stop.signal.aborted) process.exit(1);
  console.error(`${name}: removing what was installed; once more ends at once.`);
  stop.abort(new Error(`${name} came`));
};
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => giveUp(name));

const seconds = (since: number): number => Math.round((performance.now() - since) / 1_000);

/** Pods, and what the cluster has warned of. */
const whatWentOn = async ({ kubectl }: Cluster): Promise<string> => {
  const warnings = ['get', 'events', '--field-selector', 'type=Warning', '--sort-by', '.lastTimestamp'];
  const columns = ['--output', 'custom-columns=OF:.involvedObject.name,TIMES:.count,WHAT:.message', '--no-headers'];
  return `${await kubectl(['get', 'pods'])}\n${(await kubectl([...warnings, ...columns])).split('\n').slice(-15).join('\n')}`;
};

/** Answers whether all stages came to their end. */
const runStages = async (
  stages: readonly Stage[],
  namespace: string,
  report: Report,
  begin: (name: string) => void,
) => {
  const { signal } = stop;
  const surroundings = {
    cluster: openCluster(namespace, signal),
    release: openRelease(namespace, signal),
    report,
    signal,
  };
  for (const { name, run: runStage } of stages) {
    const since = performance.now();
    begin(name);
    console.log(`\n${name}`);
    try {
      await runStage(surroundings);
    } catch (error) {
      console.error(`  FAILED  ${error instanceof Error ? error.message : String(error)}`);
      if (!signal.aborted) console.error(await whatWentOn(surroundings.cluster));
      return false;
    } finally {
      console.log(`  ${seconds(since)} s`);
    }
  }
  return true;
};

const main = async ({ loadImage, server }: Given, stages: readonly Stage[], whole: boolean): Promise<number> => {
  const since = performance.now();
  const namespace = `innkeeper-test-${randomBytes(3).toString('hex')}`;
  let stage = '';
  const report = openReport(() => stage);
  console.log('Making and loading images');
  await loadImages(loadImage, stop.signal);
  console.log(`  ${seconds(since)} s`);
  let ended = false;
  try {
    await run('kubectl', ['create', 'namespace', namespace], { signal: stop.signal });
    const labels = ['pod-security.kubernetes.io/enforce=restricted', `${TEST_LABEL}=true`];
    await run('kubectl', ['label', 'namespace', namespace, ...labels], { signal: stop.signal });
    ended = await runStages(stages, namespace, report, (name) => {
      stage = name;
    });
  } finally {
    await run('kubectl', ['delete', 'namespace', namespace, '--ignore-not-found', '--wait', '--timeout', '180s']);
  }
  const missed = report.rows.filter(({ met }) => !met);
  if (whole && ended) await keepResults(report.rows, server, seconds(since));
  for (const { stage: of, what, measured, bar } of missed)
    console.error(`${of}: ${what} is ${measured}, and the bar is ${bar}.`);
  console.log(`\n${report.rows.length - missed.length} of ${report.rows.length} bars met in ${seconds(since)} s`);
  return ended && !missed.length ? 0 : 1;
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length) {
  console.error(
    `There is no stage ${unknown.join(', ')}. Those there are: ${STAGES.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = 2;
} else {
  const stages = STAGES.filter(({ name }) => !asked.length || name === install.name || asked.includes(name));
  const given = await findNeeded(process.env).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
  if (given)
    process.exitCode = await main(given, stages, !asked.length).catch((error: Error) => {
      console.error(error.message);
      return 1;
    });
}
