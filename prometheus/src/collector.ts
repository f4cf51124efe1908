import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { type Running, startProgram } from './programs.ts';

/** In which a collector that can't start has said so. */
const START_MS = 1_000;

/** The OpenTelemetry collector from PATH, which takes OTLP over HTTP and writes a line for each batch of spans. */
export const startCollector = async (folder: string, address: string): Promise<{ running: Running; url: string }> => {
  const file = join(folder, 'collector.yaml');
  await writeFile(
    file,
    stringify({
      receivers: { otlp: { protocols: { http: { endpoint: address } } } },
      exporters: { debug: { verbosity: 'basic' } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } },
      },
    }),
  );
  const running = startProgram('otelcol', [`--config=${file}`], { detached: true });
  await Promise.race([running.exited, delay(START_MS)]);
  if (running.child.exitCode !== null) throw new Error(`otelcol does not start.\n${running.said}`);
  return { running, url: `http://${address}` };
};
