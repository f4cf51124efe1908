import type { Values } from './helm.ts';

const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values with others over them, as Helm does it: maps are merged, everything else takes the other's place. */
export const overridden = (values: Values, others: Values): Values => ({
  ...values,
  ...Object.fromEntries(
    Object.entries(others).map(([key, value]) => {
      const before = values[key];
      return [key, isMap(before) && isMap(value) ? overridden(before, value) : value];
    }),
  ),
});
