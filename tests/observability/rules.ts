import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Rule {
  /** Of an alert, or else `record` of what is recorded. */
  alert?: string;
  record?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const folder = new URL('../../prometheus/rules/', import.meta.url);

/** All rules of prometheus/rules. */
export const readRules = (): Rule[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const { groups } = parse(readFileSync(new URL(name, folder), 'utf8')) as { groups: { rules: Rule[] }[] };
      return groups.flatMap(({ rules }) => rules);
    });
