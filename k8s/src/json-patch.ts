import { isDeepStrictEqual } from 'node:util';

export type Operation = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The JSON Patch (RFC 6902) that makes one value of another. Lists of another length are replaced as a whole. */
export const jsonPatch = (before: unknown, after: unknown, path = ''): Operation[] => {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const removed = Object.keys(before).filter((key) => !(key in after));
    return [
      ...removed.map((key): Operation => ({ op: 'remove', path: `${path}/${escaped(key)}` })),
      ...Object.entries(after).flatMap(([key, value]): Operation[] => {
        const at = `${path}/${escaped(key)}`;
        return key in before ? jsonPatch(before[key], value, at) : [{ op: 'add', path: at, value }];
      }),
    ];
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((value, index) => jsonPatch(before[index], value, `${path}/${index}`));
  }
  return [{ op: 'replace', path, value: after }];
};
