import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { missingPrograms, startProgram } from '../../prometheus/src/programs.ts';
import { freePort } from '../../src/embedded/ports.ts';
import type {} from '../support/global-setup.ts';

export interface SpanRead {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** Of OTLP: 2 for a server, 3 for a client, 5 for a consumer. */
  kind: number;
  service: string;
  facts: Record<string, unknown>;
  /** How many errors are recorded. */
  errors: number;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Omit<SpanRead, 'facts' | 'errors' | 'service'> & { attributes?: Attribute[]; events?: unknown[] })[];
    }[];
  }[];
}

const factsOf = (attributes: readonly Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const spansIn = (text: string): SpanRead[] =>
  (JSON.parse(text) as Export).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, events = [], ...span }) => ({
        ...span,
        service: String(factsOf(resource.attributes)['service.instance.id']),
        facts: factsOf(attributes),
        errors: events.length,
      })),
    ),
  );

/** Where the collector sends what it got, as JSON. */
const startReceiver = async (texts: string[]): Promise<string> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    texts.push(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string;
  /** All that it has handed on so far, as text. */
  texts: readonly string[];
  spans(): SpanRead[];
  stop(): Promise<void>;
}

/** The OpenTelemetry collector from PATH; throws with how to get it when there is none. */
export const startCollector = async (): Promise<Collector> => {
  const [missing] = missingPrograms(['otelcol']);
  if (missing) throw new Error(missing);
  const texts: string[] = [];
  const receiver = await startReceiver(texts);
  const address = `127.0.0.1:${await freePort(0)}`;
  const folder = await mkdtemp(join(inject('runFolder'), 'collector-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'collector.json');
  const settings = {
    receivers: { otlp: { protocols: { http: { endpoint: address } } } },
    exporters: { otlp_http: { endpoint: receiver, encoding: 'json', compression: 'none' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  };
  await writeFile(file, JSON.stringify(settings));
  const program = startProgram('otelcol', [`--config=${file}`]);
  onTestFinished(() => program.stop());
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(`The collector ended.\n${program.said}`);
    const answers = await fetch(`http://${address}`).then(
      () => true,
      () => false,
    );
    if (answers) break;
  }
  return { endpoint: `http://${address}`, texts, spans: () => texts.flatMap(spansIn), stop: program.stop };
};
