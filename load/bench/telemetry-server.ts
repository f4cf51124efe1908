import manifest from '../../package.json' with { type: 'json' };
import { readConfig } from '../../src/config.ts';
import type { Tracer } from '../../src/kernel/tracing.ts';
import type { Listeners } from '../../src/platform/telemetry/listeners.ts';
import { preload } from '../../src/platform/telemetry/preload.ts';

// The application over HTTP as a process serves it, with its log. Metrics and traces are told nothing while its parent says 'off'; each
// such word is answered with the microseconds of processor time that the process has taken so far.

await preload(process.env);
const { compose } = await import('../../src/compose.ts');
const { systemClock } = await import('../../src/kernel/clock.ts');
const { gatheredStream } = await import('../../src/platform/telemetry/gathered-stream.ts');
const { logListeners, silentListeners } = await import('../../src/platform/telemetry/listeners.ts');
const { createLog } = await import('../../src/platform/telemetry/logs.ts');
const { createMetrics } = await import('../../src/platform/telemetry/metrics/index.ts');
const { together } = await import('../../src/platform/telemetry/together.ts');
const { startedTracing } = await import('../../src/platform/telemetry/tracing/started.ts');
const { listen } = await import('../../src/transport/http/server.ts');

let isOn = true;
/** Tells nothing while it is off. */
const switched = (watching: Listeners): Listeners => {
  const names = Object.keys(silentListeners) as (keyof Listeners)[];
  const tell =
    (name: keyof Listeners) =>
    (...what: unknown[]): void => {
      if (isOn) Reflect.apply(watching[name], watching, what);
    };
  return Object.fromEntries(names.map((name) => [name, tell(name)])) as unknown as Listeners;
};

const config = readConfig();
const tracing = startedTracing();
if (!tracing) throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT is not set');
const tracer: Tracer = {
  arrive: (...piece) => (isOn ? tracing.tracer.arrive(...piece) : null),
  goOn: (...piece) => tracing.tracer.goOn(...piece),
};
const log = createLog({ level: 'info', format: 'json', stream: gatheredStream(process.stderr) });
const application = await compose(config, {
  clock: systemClock,
  listeners: logListeners(log, { slowRequestMs: config.SLOW_REQUEST_MS, slowQueryMs: config.SLOW_QUERY_MS }),
  tracer,
  openMetrics(readings) {
    const metrics = createMetrics(readings, manifest);
    return { ...metrics, listeners: switched(metrics.listeners) };
  },
});
tracing.tell(together(application.listeners));
const server = await listen(application.app, { host: '127.0.0.1', port: 0 });
const admin = await listen(application.adminApp, { host: '127.0.0.1', port: 0 });
process.on('message', (word) => {
  isOn = word === 'on';
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.send?.({ url: server.url, adminUrl: admin.url });
