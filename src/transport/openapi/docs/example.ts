import { addDays } from '../../../kernel/dates.ts';
import { type Components, type JsonSchema, resolve } from '../json-schema.ts';
import { alternatives, typesOf } from '../parameter-style.ts';

const BY_FORMAT: Record<string, string> = {
  uuid: '019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b21',
  date: '2027-05-14',
  'date-time': '2027-05-14T15:00:00Z',
  time: '15:00:00',
  email: 'guest@example.com',
  uri: 'https://example.com',
};

/** Dates that end a range lie two days after those that begin it, so that a stay reads as one. */
const LATER = /(departure|checkout|end|to|until)$/i;

const inOrder = (value: unknown, schema: JsonSchema, name: string): unknown =>
  typeof value === 'string' && schema.format === 'date' && LATER.test(name) ? addDays(value, 2) : value;

const ofText = (schema: JsonSchema, name: string): string => {
  const known = BY_FORMAT[schema.format ?? ''];
  if (known) return known;
  if (/currency$/i.test(name)) return 'EUR';
  const [least, most] = [Number(schema.minLength ?? 0), Number(schema.maxLength ?? 100)];
  return 'text'.padEnd(least, 'x').slice(0, most);
};

const ofNumber = (schema: JsonSchema): number => {
  const least = Number(schema.minimum ?? schema.exclusiveMinimum ?? 0);
  const most = Number(schema.maximum ?? schema.exclusiveMaximum ?? 100);
  return Math.min(Math.max(1, least), most);
};

/**
 * A value that fits the schema, as far as its keywords tell: its own example, default or first choice, else one made from type
 * and format. `full` fills optional fields too; otherwise only those that have an example.
 */
export const exampleOf = (
  schema: JsonSchema,
  components: Components,
  full: boolean,
  name = '',
  open: JsonSchema[] = [],
): unknown => {
  const own = schema.examples?.[0] ?? schema.default;
  if (own !== undefined) return inOrder(own, schema, name);
  const options = alternatives(schema, components);
  const chosen = options.find((option) => !typesOf(option).includes('null')) ?? resolve(schema, components);
  if (chosen.examples?.length) return chosen.examples[0];
  if ('const' in chosen) return chosen.const;
  if (chosen.enum) return chosen.enum[0];
  if (chosen.default !== undefined) return chosen.default;
  const [type] = typesOf(chosen);
  if (type === 'object' || type === 'array') {
    if (open.includes(chosen)) return type === 'array' ? [] : {};
    const inner = [...open, chosen];
    if (type === 'array') return chosen.items ? [exampleOf(chosen.items, components, full, name, inner)] : [];
    const shown = Object.entries(chosen.properties ?? {}).filter(
      ([key, property]) => full || chosen.required?.includes(key) || property.examples?.length,
    );
    return Object.fromEntries(shown.map(([key, property]) => [key, exampleOf(property, components, full, key, inner)]));
  }
  if (type === 'string') return inOrder(ofText(chosen, name), chosen, name);
  if (type === 'integer' || type === 'number') return ofNumber(chosen);
  return type === 'boolean' ? true : null;
};
