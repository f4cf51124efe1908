import { type Components, componentName, type JsonSchema, resolve } from '../json-schema.ts';
import { type Html, html, prose } from './html.ts';

export const schemaAnchor = (name: string) => `schema-${name}`;

const join = (parts: Html[], separator: string) =>
  parts.flatMap((part, index) => (index > 0 ? [html`${separator}`, part] : [part]));

/** The type in a few words, shared schemas as links: `Booking`, `list of date`, `"held" | "sold"`, `integer or null`. */
export const typeLabel = (schema: JsonSchema): Html => {
  const name = componentName(schema);
  if (name) return html`<a href="#${schemaAnchor(name)}">${name}</a>`;
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return html`${join(branches.map(typeLabel), ' or ')}`;
  if (schema.enum)
    return html`${join(
      schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`),
      ' | ',
    )}`;
  if ('const' in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.type === 'array') return html`list of ${schema.items ? typeLabel(schema.items) : 'anything'}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return html`map of ${typeLabel(schema.additionalProperties)}`;
  }
  return html`${schema.format ?? [schema.type ?? 'anything'].flat().join(' or ')}`;
};

const LIMITS: [least: string, most: string, unit: string][] = [
  ['minimum', 'maximum', ''],
  ['minLength', 'maxLength', ' characters'],
  ['minItems', 'maxItems', ' items'],
];

const rangeOf = (schema: JsonSchema, [leastKey, mostKey, unit]: (typeof LIMITS)[number]): string | undefined => {
  const said = [schema[leastKey], schema[mostKey]].map((bound) =>
    Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  const [least, most] = said;
  if (least === undefined && most === undefined) return undefined;
  if (least === most) return `${least}${unit}`;
  if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
  const [word, bound] = least === undefined ? ['at most', most] : ['at least', least];
  return `${word} ${bound}${bound === 1 ? unit.replace(/s$/, '') : unit}`;
};

const limitsOf = (schema: JsonSchema): Html[] => [
  ...[
    ...LIMITS.map((limit) => rangeOf(schema, limit)),
    schema.exclusiveMinimum !== undefined && `more than ${schema.exclusiveMinimum}`,
    schema.exclusiveMaximum !== undefined && `less than ${schema.exclusiveMaximum}`,
    schema.pattern !== undefined && !schema.format && `matches ${schema.pattern}`,
  ].map((limit) => html`${limit && html`<span class="limit">${limit}</span>`}`),
  html`${schema.default !== undefined && html`<span class="limit">default <code>${JSON.stringify(schema.default)}</code></span>`}`,
];

/** Objects written out in place, through lists and branches: what is shown below a field. */
const inlineObjects = (schema: JsonSchema): JsonSchema[] => {
  if (schema.properties) return [schema];
  const inner = [...(schema.anyOf ?? schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  if (typeof schema.additionalProperties === 'object') inner.push(schema.additionalProperties);
  return inner.flatMap(inlineObjects);
};

/** One row: name, type, whether it must be there, what it means and what it may be. */
export const fieldRow = (name: string, schema: JsonSchema, required: boolean, note = ''): Html => html`
  <li><div class="field"><code class="name">${name}</code> <span class="type">${typeLabel(schema)}</span>
  ${required && html`<span class="required">required</span>`} ${note && html`<span class="limit">${note}</span>`} ${limitsOf(schema)}</div>
  ${schema.description && prose(schema.description)}${inlineObjects(schema).map(fieldList)}</li>`;

const fieldList = (schema: JsonSchema): Html =>
  html`<ul class="fields">${Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldRow(name, property, schema.required?.includes(name) ?? false),
  )}</ul>`;

/** A whole schema: the fields of an object, also of a shared one that it points to, else its type. */
export const schemaView = (schema: JsonSchema, components: Components): Html => {
  const target = resolve(schema, components);
  const fields = Object.keys(target.properties ?? {}).length > 0;
  const label = html`<p class="type">${typeLabel(schema)} ${limitsOf(schema)}</p>`;
  if (fields) return html`${target !== schema && label}${fieldList(target)}`;
  return html`${label}${inlineObjects(schema).map(fieldList)}`;
};

/** The section of a shared schema. */
export const componentView = (name: string, components: Components): Html => {
  const schema = components[name] ?? {};
  return html`<article class="schema" id="${schemaAnchor(name)}"><h3><a href="#${schemaAnchor(name)}">${name}</a></h3>
  ${schema.description && prose(schema.description)}${schemaView(schema, components)}</article>`;
};
