import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reloadPrometheus, startAlertmanager, startPrometheus } from '../../prometheus/src/servers.ts';
import { alertmanagerSettings, prometheusSettings, type ScrapeTarget } from '../../prometheus/src/settings.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { scaleRules, type TimeScale } from './scaled-rules.ts';

export const SCRAPE_MS = 500;

/** One minute of the rules lasts a second here, and nothing is shorter than four scrapes. */
export const SCALE: TimeScale = { factor: 60, leastMs: 4 * SCRAPE_MS };

const LOOKBACK_MS = 5_000;
const GROUP_WAIT_MS = 500;
const rulesFolder = join(import.meta.dirname, '../../prometheus/rules');

export interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What Alertmanager has told the receiver about an alert. */
export interface Notification extends Alert {
  status: 'firing' | 'resolved';
}

/** The alert's name, with the window if it has several. */
export const nameOf = ({ labels: { alertname = '', window } }: Alert): string =>
  window === undefined ? alertname : `${alertname} ${window}`;

export interface Monitoring {
  url: string;
  alertmanagerUrl: string;
  /** What fires now. */
  firing(): Promise<Alert[]>;
  query(expression: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  /** In the order of their coming. */
  notifications: Notification[];
}

const listen = async (opened: AsyncDisposableStack, notifications: Notification[]): Promise<string> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as { alerts: Notification[] };
    notifications.push(...alerts);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

/** The shipped rules with their times scaled, as files in `folder`. */
export const writeScaledRules = async (folder: string, scale: TimeScale): Promise<string[]> => {
  const names = (await readdir(rulesFolder)).filter((name) => name.endsWith('.yaml'));
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      await writeFile(file, scaleRules(await readFile(join(rulesFolder, name), 'utf8'), scale));
      return file;
    }),
  );
};

const data = async <T>(url: string): Promise<T> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { data: T }).data;
};

/** Prometheus and Alertmanager with the shipped rules and an empty memory, once all targets are seen. */
export const startMonitoring = async (
  opened: AsyncDisposableStack,
  folder: string,
  targets: readonly ScrapeTarget[],
): Promise<Monitoring> => {
  await mkdir(folder, { recursive: true });
  const notifications: Notification[] = [];
  const receiverUrl = await listen(opened, notifications);
  const alertmanager = await startAlertmanager({
    ...{ folder, address: `127.0.0.1:${await freePort(0)}` },
    settings: alertmanagerSettings(receiverUrl, GROUP_WAIT_MS),
  });
  opened.defer(alertmanager.stop);
  const ruleFiles = await writeScaledRules(folder, SCALE);
  const settingsWith = (rules: string[]) =>
    prometheusSettings({
      ...{ intervalMs: SCRAPE_MS, ruleFiles: rules, targets },
      alertmanager: new URL(alertmanager.url).host,
    });
  const prometheus = await startPrometheus(
    { ...{ folder, address: `127.0.0.1:${await freePort(0)}` }, settings: settingsWith([]) },
    [`--query.lookback-delta=${LOOKBACK_MS}ms`, '--rules.alert.resend-delay=1s', '--web.enable-lifecycle'],
  );
  opened.defer(prometheus.stop);
  const query: Monitoring['query'] = async (expression) =>
    (
      await data<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`,
      )
    ).result;
  while ((await query('up == 1')).length < targets.length) await delay(SCRAPE_MS / 2);
  // Nothing is missed that was only not seen yet.
  await reloadPrometheus(prometheus, folder, settingsWith(ruleFiles));
  return {
    ...{ url: prometheus.url, alertmanagerUrl: alertmanager.url, query, notifications },
    firing: async () =>
      (await data<{ alerts: (Alert & { state: string })[] }>(`${prometheus.url}/api/v1/alerts`)).alerts.filter(
        ({ state }) => state === 'firing',
      ),
  };
};
