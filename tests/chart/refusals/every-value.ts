import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHART, type Values } from '../rendering/helm.ts';
import type { Refusal } from './refusal.ts';

/** Maps whose keys are whoever's who writes the values. Each has to be named here. */
const OPEN = [
  /^\/global$/,
  /\/(nodeSelector|affinity|podAnnotations|podLabels|annotations|serviceAnnotations|labels|alertLabels|headers|keys)$/,
  /^\/postgres\/cluster\/(parameters|synchronous|pooler\/parameters|backup\/objectStore\/configuration)$/,
  /\/resources\/(requests|limits)$/,
];

const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

const all = z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')));

const isOpen = (path: string) => OPEN.some((open) => open.test(path));

/** Paths of the maps that have keys of their own, as the schema's validator writes them. */
const closedMaps = (values: Values, path = ''): string[] => [
  path,
  ...Object.entries(values).flatMap(([key, value]) =>
    isMap(value) && !isOpen(`${path}/${key}`) ? closedMaps(value, `${path}/${key}`) : [],
  ),
];

const withUnknownKeys = (values: Values, path = ''): Values => ({
  unknownKey: 1,
  ...Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => isMap(value) && !isOpen(`${path}/${key}`))
      .map(([key, value]) => [key, isMap(value) ? withUnknownKeys(value, `${path}/${key}`) : value]),
  ),
});

const leaves = (values: Values, path = ''): string[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const at = `${path}/${key}`;
    return isMap(value) && !isOpen(at) ? leaves(value, at) : [at];
  });

/** What no value may be in the place of this one: text for a map or a list, a list of lists for everything else. */
const wrongInstead = (value: unknown): unknown => (typeof value === 'object' && value !== null ? 'text' : [[]]);

const withWrongTypes = (values: Values, path = ''): Values =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const at = `${path}/${key}`;
      return [key, isMap(value) && !isOpen(at) ? withWrongTypes(value, at) : wrongInstead(value)];
    }),
  );

/** Keys of a map that have a value; null in its place takes a key away. Helm makes `global` anew. */
const keysOf = (values: Values): string[] =>
  Object.keys(values).filter((key) => values[key] !== null && key !== 'global');

/** Maps that have to be whole, by their paths. Resources need not be: pods go without a limit. */
const mapsOf = (values: Values, path = ''): [string, Values][] => [
  ...(keysOf(values).length > 0 && !path.endsWith('/resources') ? [[path, values] satisfies [string, Values]] : []),
  ...Object.entries(values).flatMap(([key, value]) =>
    isMap(value) && !isOpen(`${path}/${key}`) ? mapsOf(value, `${path}/${key}`) : [],
  ),
];

/** With null for each key of the map at the path. */
const withNullsAt = (path: readonly string[], values: Values): Values => {
  const [key, ...rest] = path;
  const inner = key === undefined ? values : values[key];
  return key === undefined
    ? Object.fromEntries(keysOf(values).map((name) => [name, null]))
    : { [key]: isMap(inner) ? withNullsAt(rest, inner) : inner };
};

/** All at once: the validator names them all. */
export const everyValue: readonly Refusal[] = [
  {
    name: `an unknown key in each of ${closedMaps(all).length} maps`,
    change: withUnknownKeys(all),
    says: closedMaps(all).map((path) => `- at '${path}': additional properties 'unknownKey' not allowed`),
  },
  {
    name: `a wrong type of each of ${leaves(all).length} values`,
    change: withWrongTypes(all),
    says: leaves(all).map((path) => `- at '${path}': `),
  },
  ...mapsOf(all).map(
    ([path, values]): Refusal => ({
      name: `nothing for each of ${keysOf(values).length} values of ${path || 'all'}`,
      change: withNullsAt(path.split('/').slice(1), all),
      says: [`- at '${path}': missing propert`, ...keysOf(values).map((key) => `'${key}'`)],
    }),
  ),
];
