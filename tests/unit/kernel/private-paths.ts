import type { z } from 'zod';

type Def = Record<string, unknown> & { private?: boolean };

const defOf = (schema: unknown): Def | null =>
  typeof schema === 'object' && schema !== null && '_zod' in schema
    ? (schema as { _zod: { def: Def } })._zod.def
    : null;

/** Where a schema's private fields are, as dotted paths, whatever they are wrapped in; and those whose names say that they should be. */
export const privatePaths = (schema: z.ZodType, path = '', seen = new Set<unknown>()): string[] => {
  const def = defOf(schema);
  if (!def || seen.has(schema)) return [];
  const within = new Set(seen).add(schema);
  if (def.private) return [path];
  return Object.entries(def).flatMap(([part, value]): string[] => {
    if (part === 'shape') {
      return Object.entries(value as Record<string, z.ZodType>).flatMap(([name, field]) => {
        const below = path ? `${path}.${name}` : name;
        if (/e-?mail|phone|booker|guestName|card|iban/i.test(name)) return [below];
        return privatePaths(field, below, within);
      });
    }
    const inner = typeof value === 'function' && part === 'getter' ? [value()] : Array.isArray(value) ? value : [value];
    return inner.flatMap((one) => (defOf(one) ? privatePaths(one as z.ZodType, path, within) : []));
  });
};
