import { readdirSync, readFileSync } from 'node:fs';

/** A series of a scrape. */
export interface RecordedSeries {
  name: string;
  labels: string[];
  /** As promtool's tests write a series. */
  text: string;
  value: string;
}

const folder = new URL('recorded/', import.meta.url);
const LINE = /^((\w+)\{(.*)\}) (\S+)$/;
const LABEL = /(\w+)="(?:[^"\\]|\\.)*"/g;

/**
 * What kube-state-metrics 2.18 and the kubelet of Kubernetes 1.36 said of a namespace with two Deployments, one of which ended at
 * once each time, and an autoscaler at its maximum of one that could not get its metric; of the metrics that rules and panels use.
 */
export const readRecorded = (): RecordedSeries[] =>
  readdirSync(folder)
    .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n'))
    .map((line) => {
      const [, text = '', name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
      if (!name) throw new Error(`not a series: ${line}`);
      return { name, labels: [...labels.matchAll(LABEL)].map(([, label = '']) => label), text, value };
    });
