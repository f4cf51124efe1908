import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

export interface ScrapeTarget {
  /** host:port */
  address: string;
  labels?: Record<string, string>;
}

export interface PrometheusSettings {
  intervalMs: number;
  ruleFiles: readonly string[];
  targets: readonly ScrapeTarget[];
  /** host:port of Alertmanager. */
  alertmanager: string;
}

/** The text of a configuration file for Prometheus that scrapes these targets. */
export const prometheusSettings = ({ intervalMs, ruleFiles, targets, alertmanager }: PrometheusSettings): string =>
  stringify({
    global: {
      scrape_interval: `${intervalMs}ms`,
      scrape_timeout: `${intervalMs}ms`,
      evaluation_interval: `${intervalMs}ms`,
    },
    rule_files: ruleFiles,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [
      {
        job_name: 'innkeeper',
        static_configs: targets.map(({ address, labels = {} }) => ({ targets: [address], labels })),
      },
    ],
  });

const inhibitFile = new URL('../alertmanager-inhibit.yaml', import.meta.url);

/** The text of a configuration file for Alertmanager, with the shipped inhibitions, that tells one address, or nobody. */
export const alertmanagerSettings = (receiverUrl: string | null, groupWaitMs: number): string =>
  stringify({
    route: {
      receiver: 'operators',
      // Each alert by itself.
      group_by: ['...'],
      group_wait: `${groupWaitMs}ms`,
      group_interval: `${groupWaitMs}ms`,
      repeat_interval: '4h',
    },
    receivers: [
      {
        name: 'operators',
        ...(receiverUrl === null ? {} : { webhook_configs: [{ url: receiverUrl, send_resolved: true }] }),
      },
    ],
    ...(parse(readFileSync(inhibitFile, 'utf8')) as object),
  });
