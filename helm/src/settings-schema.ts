/**
 * Writes what `config` may hold into the chart's values.schema.json, from the settings themselves. With --check it writes
 * nothing, and ends with status 1 when the file is not up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type SettingRow, settingRows } from '../../src/config.ts';

const FILE = new URL('../innkeeper/values.schema.json', import.meta.url);
/** The definition, with the indentation that it has in the file; among the properties, `config` only refers to it. */
const DEFINITION = /^ {4}"config": \{\n {6}"type"[\s\S]*?^ {4}\}(?=,?$)/m;
const INDENT = 2;

type Schema = { [key: string]: string | number | boolean | readonly (string | boolean)[] };

/** Values files have numbers and truths as such or as text; pods get text anyway. */
const kindOf = (type: string): Schema => {
  const [, least, most] = /^integer, (\d+) to (\d+)$/.exec(type) ?? [];
  if (least !== undefined && most !== undefined) {
    return { type: ['integer', 'string'], pattern: '^[0-9]{1,15}$', minimum: Number(least), maximum: Number(most) };
  }
  if (type === 'true or false') return { enum: [true, false, 'true', 'false'] };
  const [, names] = /^one of (.+)$/.exec(type) ?? [];
  return names === undefined ? { type: ['string', 'integer'] } : { enum: names.split(', ') };
};

const schemaOf = ({ type, meaning, default: byDefault }: SettingRow): Schema => ({
  description: `${meaning} (${type}${byDefault === null ? '' : `; default: ${byDefault}`})`,
  ...kindOf(type),
});

const text = (value: Schema[string]): string =>
  Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]` : JSON.stringify(value);

const lines = (name: string, schema: Schema): string[] => {
  const keys = Object.entries(schema).map(([key, value]) => `  ${JSON.stringify(key)}: ${text(value)}`);
  return [`${JSON.stringify(name)}: {`, keys.join(',\n'), '}'];
};

const indented = (block: string, by: number): string => block.replaceAll(/^(?=.)/gm, ' '.repeat(by));

const definition = (): string => {
  const properties = settingRows().map((row) => lines(row.name, schemaOf(row)).join('\n'));
  return [
    '    "config": {',
    '      "type": "object",',
    '      "description": "Settings of docs/configuration.md by their names.",',
    '      "additionalProperties": false,',
    '      "properties": {',
    indented(properties.join(',\n'), 4 * INDENT),
    '      },',
    '      "patternProperties": {',
    '        "^OTEL_[A-Z0-9_]+$": {',
    '          "type": "string",',
    '          "description": "Read by the SDK of OpenTelemetry."',
    '        }',
    '      }',
    '    }',
  ].join('\n');
};

const before = readFileSync(FILE, 'utf8');
if (!DEFINITION.test(before)) throw new Error('values.schema.json has no definition "config" to rewrite');
const after = before.replace(DEFINITION, definition);
if (!process.argv.includes('--check')) writeFileSync(FILE, after);
else if (after !== before) {
  process.stderr.write(
    'values.schema.json does not know the settings as they are. Run: node helm/src/settings-schema.ts\n',
  );
  process.exitCode = 1;
}
