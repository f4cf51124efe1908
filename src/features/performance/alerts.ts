import { z } from 'zod';
import { pod } from './shapes.ts';

const MOST_BYTES = 1_000_000;
const MOST_ALERTS = 100;

export const alertFigures = z
  .strictObject({
    host: pod,
    source: z
      .enum(['alertmanager', 'prometheus'])
      .nullable()
      .meta({ description: 'Who was asked; null where neither ALERTMANAGER_URL nor PROMETHEUS_URL is set.' }),
    fault: z.string().nullable().meta({ description: 'Why nothing is known now.' }),
    alerts: z
      .array(
        z.strictObject({
          name: z.string(),
          severity: z.string().nullable(),
          state: z.string(),
          since: z.string().nullable(),
          summary: z.string().nullable(),
          runbook: z.string().nullable(),
        }),
      )
      .meta({ description: `${MOST_ALERTS} at most.` }),
  })
  .meta({ id: 'AlertFigures' });
export type AlertFigures = z.infer<typeof alertFigures>;

const texts = z.record(z.string(), z.string()).default({});
const ofPrometheus = z.object({
  data: z.object({
    alerts: z.array(
      z.object({ labels: texts, annotations: texts, state: z.string(), activeAt: z.string().optional() }),
    ),
  }),
});
const ofAlertmanager = z.array(
  z.object({
    labels: texts,
    annotations: texts,
    startsAt: z.string().optional(),
    status: z.object({ state: z.string() }),
  }),
);

/** Alerts of others are nobody's business here. */
const isOwn = ({ labels }: { labels: Record<string, string> }): boolean => labels.service === 'innkeeper';

const shown = (
  labels: Record<string, string>,
  annotations: Record<string, string>,
  state: string,
  since: string | undefined,
): AlertFigures['alerts'][number] => ({
  name: labels.alertname ?? 'unnamed',
  severity: labels.severity ?? null,
  state,
  since: since ?? null,
  summary: annotations.summary ?? null,
  runbook: annotations.runbook_url ?? null,
});

const SOURCES = {
  prometheus: {
    path: '/api/v1/alerts',
    read: (answer: unknown) =>
      ofPrometheus
        .parse(answer)
        .data.alerts.filter(isOwn)
        .map(({ labels, annotations, state, activeAt }) => shown(labels, annotations, state, activeAt)),
  },
  alertmanager: {
    path: '/api/v2/alerts?inhibited=false&silenced=false&filter=service%3D%22innkeeper%22',
    read: (answer: unknown) =>
      ofAlertmanager
        .parse(answer)
        .filter(isOwn)
        .map(({ labels, annotations, status, startsAt }) => shown(labels, annotations, status.state, startsAt)),
  },
};

/** Throws for more than MOST_BYTES. */
const readBounded = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new RangeError('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const ask = async (url: string, timeoutMs: number): Promise<unknown> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
  if (!response.ok) {
    await response.body?.cancel();
    throw new RangeError(`status ${response.status}`);
  }
  return JSON.parse(await readBounded(response));
};

const faultOf = (error: unknown): string => {
  if (error instanceof RangeError) return `It answered with ${error.message}.`;
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'It answered something else than alerts.';
  return error instanceof DOMException ? 'It did not answer in time.' : 'It can’t be reached.';
};

export interface AlertSources {
  prometheus: string | undefined;
  alertmanager: string | undefined;
  timeoutMs: number;
}

/** What of Innkeeper's rules fires now, by Alertmanager or else by Prometheus. Takes no longer than the time-out; never rejects. */
export const askForAlerts = async (host: string, sources: AlertSources): Promise<AlertFigures> => {
  const source = sources.alertmanager ? 'alertmanager' : sources.prometheus ? 'prometheus' : null;
  const address = source && sources[source];
  if (!source || !address) return { host, source: null, fault: null, alerts: [] };
  const { path, read } = SOURCES[source];
  try {
    const alerts = read(await ask(`${address}${path}`, sources.timeoutMs));
    return { host, source, fault: null, alerts: alerts.slice(0, MOST_ALERTS) };
  } catch (error) {
    return { host, source, fault: faultOf(error), alerts: [] };
  }
};
