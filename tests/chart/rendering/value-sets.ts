import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHART, manifestsOf, type Values } from './helm.ts';
import { type ManifestObject, objectsIn } from './manifest.ts';
import { overridden } from './overridden.ts';
import { variations } from './variations.ts';

export interface ValueSet {
  name: string;
  values: Values;
  args: readonly string[];
}

const values = z.record(z.string(), z.unknown());

export const CI_FILES = readdirSync(join(CHART, 'ci'))
  .filter((file) => file.endsWith('-values.yaml'))
  .map((file) => join(CHART, 'ci', file));

/** The values of one of the files, like `production`. */
export const valuesOf = (name: string): Values =>
  values.parse(parse(readFileSync(join(CHART, 'ci', `${name}-values.yaml`), 'utf8')));

/** What the chart is rendered with to see all of its objects, in each of their ways. */
export const valueSets: readonly ValueSet[] = variations.map(({ name, of, change = {}, args = [] }) => ({
  name,
  values: overridden(valuesOf(of), change),
  args,
}));

const texts = new Map<ValueSet, Promise<string>>();

/** What a set renders to, made once. */
export const renderedText = (set: ValueSet): Promise<string> => {
  const text = texts.get(set) ?? manifestsOf(set.values, ...set.args);
  texts.set(set, text);
  return text;
};

export const rendered = async (set: ValueSet): Promise<ManifestObject[]> => objectsIn(await renderedText(set));
