import { z } from 'zod';
import { type MetricSample, parseMetrics } from '../../features/performance/index.ts';
import { UsageError } from '../run-command.ts';
import type { Alert } from './frame.ts';

const TIMEOUT_MS = 5_000;

const alertsAnswer = z.object({
  host: z.string(),
  source: z.string().nullable(),
  alerts: z.array(
    z.object({ name: z.string(), severity: z.string().nullable(), state: z.string(), summary: z.string().nullable() }),
  ),
});

export interface Look {
  samples: MetricSample[];
  host: string | null;
  alerts: readonly Alert[] | null;
}

const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });

const askAlerts = async (url: string): Promise<Pick<Look, 'host' | 'alerts'>> => {
  const answer = alertsAnswer.parse(await (await get(`${url}/performance/alerts`)).json());
  return { host: answer.host, alerts: answer.source === null ? null : answer.alerts };
};

/** Reads the admin port of a process. Throws UsageError when it does not answer as one; alerts may be missing. */
export const lookAt = async (url: string): Promise<Look> => {
  const alerts = askAlerts(url).catch(() => ({ host: null, alerts: null }));
  const hint = 'It is the admin port that is asked: ADMIN_PORT, by default PORT + 6464.';
  const response = await get(`${url}/metrics`).catch((cause: unknown) => {
    throw new UsageError(`Nothing answers at ${url}. ${hint}`, { cause });
  });
  const text = await response.text();
  if (!response.ok || !text.includes('innkeeper_')) throw new UsageError(`${url}/metrics has no metrics. ${hint}`);
  return { samples: parseMetrics(text), ...(await alerts) };
};
