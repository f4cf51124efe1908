import type { Components, JsonSchema } from './json-schema.ts';
import { alternatives, isJsonEncoded, repeatedItems, typesOf } from './parameter-style.ts';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

const fitsText = (schema: JsonSchema, text: string) => {
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes('string')) return false;
  if ('const' in schema) return schema.const === text;
  return schema.enum?.includes(text) ?? true;
};

const readJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : text;
  } catch {
    return text;
  }
};

const readScalar = (text: string, schema: JsonSchema, components: Components): unknown => {
  const options = alternatives(schema, components);
  if (options.some((option) => fitsText(option, text))) return text;
  const types = new Set(options.flatMap(typesOf));
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  return types.has('null') && text === 'null' ? null : text;
};

/**
 * Turns the texts given for one path or query parameter into the value its schema asks for. What does not read as
 * that type is handed on as text (or as a list of texts where one was expected), for the procedure's own schema to refuse.
 */
export const readParameter = (texts: string[], schema: JsonSchema, components: Components): unknown => {
  const items = repeatedItems(schema, components);
  if (items) return texts.map((text) => readScalar(text, items, components));
  const [text] = texts;
  if (text === undefined || texts.length > 1) return texts;
  return isJsonEncoded(schema, components) ? readJson(text) : readScalar(text, schema, components);
};
