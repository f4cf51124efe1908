import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/embedded/ports.ts';
import { startCollector } from './collector.ts';
import { isOnPath, missingPrograms } from './programs.ts';
import { startAlertmanager, startPrometheus } from './servers.ts';
import { alertmanagerSettings, prometheusSettings } from './settings.ts';

// npm run observe [-- HOST:PORT...]: Prometheus with the shipped rules, Alertmanager and, if it is there, a collector of traces
// against the admin ports that are named, or that of a server on this machine. All listen on loopback, until Ctrl-C.

const ADMIN = '127.0.0.1:9464';
const SCRAPE_MS = 5_000;
const GROUP_WAIT_MS = 5_000;
const PORTS = { prometheus: 9_090, alertmanager: 9_093, collector: 4_318 };

const missing = missingPrograms(['prometheus', 'alertmanager']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const stop = Promise.withResolvers<string>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve(signal));

const loopback = async (port: number): Promise<string> => `127.0.0.1:${await freePort(port)}`;

const targets = process.argv.slice(2);
if (targets.length === 0) targets.push(ADMIN);
const rules = join(import.meta.dirname, '../rules');

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'innkeeper-observe-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));

const alertmanager = await startAlertmanager({
  ...{ folder, detached: true, address: await loopback(PORTS.alertmanager) },
  settings: alertmanagerSettings(null, GROUP_WAIT_MS),
});
opened.defer(alertmanager.stop);
const prometheus = await startPrometheus({
  ...{ folder, detached: true, address: await loopback(PORTS.prometheus) },
  settings: prometheusSettings({
    intervalMs: SCRAPE_MS,
    ruleFiles: (await readdir(rules)).filter((name) => name.endsWith('.yaml')).map((name) => join(rules, name)),
    targets: targets.map((address) => ({ address })),
    alertmanager: new URL(alertmanager.url).host,
  }),
});
opened.defer(prometheus.stop);
console.log(`Prometheus    ${prometheus.url}   scrapes ${targets.join(', ')} every ${SCRAPE_MS / 1_000} s`);
console.log(`Alertmanager  ${alertmanager.url}`);

if (isOnPath('otelcol')) {
  const { running, url } = await startCollector(folder, await loopback(PORTS.collector));
  opened.defer(running.stop);
  const show = (chunk: Buffer) => void process.stdout.write(chunk);
  running.child.stderr?.on('data', show);
  console.log(`Collector     ${url}   for traces: OTEL_EXPORTER_OTLP_ENDPOINT=${url} npm start`);
} else {
  console.log(`Collector     none. ${missingPrograms(['otelcol']).join('')}`);
}
console.log('Ctrl-C ends them.');

const ended = [alertmanager, prometheus].map(async (server) => {
  await server.exited;
  return `${server.url} ended: ${server.said.slice(-500)}`;
});
console.log(`\nStopping (${await Promise.race([stop.promise, ...ended])})`);
