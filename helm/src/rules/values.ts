import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Threshold, thresholds } from './thresholds.ts';

const CHART = new URL('../../innkeeper/', import.meta.url);

interface Values {
  monitoring: { rules: { thresholds: Record<string, number> } };
}

interface Schema {
  properties: {
    monitoring: {
      properties: {
        rules: {
          properties: {
            thresholds: { properties: Record<string, unknown> };
            disabled: { items: { enum: string[] } };
          };
        };
      };
    };
  };
}

/** What two lists of names have not in common. */
const unlike = (what: string, found: readonly string[], wanted: readonly string[]): string[] => [
  ...wanted.filter((name) => !found.includes(name)).map((name) => `${what} lacks ${name}`),
  ...found.filter((name) => !wanted.includes(name)).map((name) => `${what} has ${name}, which is nothing`),
];

const numbers = (found: Record<string, number>): string[] =>
  thresholds
    .filter(({ name, value }: Threshold) => found[name] !== undefined && found[name] !== value)
    .map(({ name, value }) => `values.yaml: thresholds.${name} is ${found[name]}, the shipped rule has ${value}`);

/** Where values.yaml and its schema differ from the thresholds and the alerts that there are. */
export const valueFaults = (alerts: readonly string[]): string[] => {
  const { monitoring }: Values = parse(readFileSync(new URL('values.yaml', CHART), 'utf8'));
  const schema: Schema = JSON.parse(readFileSync(new URL('values.schema.json', CHART), 'utf8'));
  const { properties } = schema.properties.monitoring.properties.rules;
  const names = thresholds.map(({ name }) => name);
  return [
    ...unlike('values.yaml: monitoring.rules.thresholds', Object.keys(monitoring.rules.thresholds), names),
    ...unlike('values.schema.json: monitoring.rules.thresholds', Object.keys(properties.thresholds.properties), names),
    ...unlike('values.schema.json: monitoring.rules.disabled', properties.disabled.items.enum, [...new Set(alerts)]),
    ...numbers(monitoring.rules.thresholds),
  ];
};
