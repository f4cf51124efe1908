import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { manifestsOf, ROOT, type Values } from '../rendering/helm.ts';
import { objectsIn } from '../rendering/manifest.ts';
import { overridden } from '../rendering/overridden.ts';
import { valuesOf } from '../rendering/value-sets.ts';

const strings = z.record(z.string(), z.string());

const ruleFile = z.object({
  groups: z.array(
    z.looseObject({
      name: z.string(),
      rules: z.array(
        z.looseObject({
          alert: z.string().optional(),
          record: z.string().optional(),
          expr: z.string(),
          labels: strings.optional(),
          annotations: strings.optional(),
        }),
      ),
    }),
  ),
});

export type Groups = z.infer<typeof ruleFile>['groups'];
export type Rule = Groups[number]['rules'][number];

export const rulesOf = (groups: Groups): Rule[] => groups.flatMap(({ rules }) => rules);
export const nameOfRule = ({ alert, record = '' }: Rule): string => alert ?? record;

const SHIPPED = join(ROOT, 'prometheus/rules');

/** The groups of each file of prometheus/rules. */
export const shippedFiles = (): [file: string, groups: Groups][] =>
  readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => [name, ruleFile.parse(parse(readFileSync(join(SHIPPED, name), 'utf8'))).groups]);

export const shippedGroups = (): Groups => shippedFiles().flatMap(([, groups]) => groups);

const production = (change: Values): Promise<string> => manifestsOf(overridden(valuesOf('production'), change));

/** The groups of the PrometheusRule of a production release, with `monitoring.rules` changed. */
export const renderedGroups = async (rules: Values = {}): Promise<Groups> => {
  const objects = objectsIn(await production({ monitoring: { rules } }));
  const found = objects.find(({ kind }) => kind === 'PrometheusRule');
  return ruleFile.parse(found?.spec ?? {}).groups;
};

const scaledObject = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ triggers: z.array(z.object({ name: z.string(), metadata: z.object({ query: z.string() }) })) }),
});

/** What a production release's ScaledObjects ask for, by the names of their triggers. */
export const renderedQueries = async (autoscaling: Values = {}): Promise<Map<string, string>> => {
  const objects = objectsIn(await production({ autoscaling })).filter(({ kind }) => kind === 'ScaledObject');
  const triggers = objects.flatMap((object) => scaledObject.parse(object).spec.triggers);
  return new Map(triggers.map(({ name, metadata }) => [name, metadata.query]));
};
