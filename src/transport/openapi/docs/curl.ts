import type { Components } from '../json-schema.ts';
import type { OperationObject, Parameter } from '../operation-object.ts';
import { exampleOf } from './example.ts';

/** Stands for scheme and host in an example until the page knows its own. */
export const ORIGIN = 'http://127.0.0.1:3000';

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const asText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const queryOf = (parameters: Parameter[], components: Components): string[] =>
  parameters.flatMap((parameter) => {
    const schema = parameter.schema ?? parameter.content?.['application/json'].schema ?? {};
    if (parameter.in !== 'query' || !(parameter.required || schema.examples)) return [];
    const value = exampleOf(schema, components, false, parameter.name);
    const values = Array.isArray(value) && !parameter.content ? value : [value];
    return values.map((one) => `  --data-urlencode ${quoted(`${parameter.name}=${asText(one)}`)}`);
  });

/** A command line that calls the operation with example values; the token is read from $INNKEEPER_TOKEN. */
export const curlOf = (method: string, url: string, operation: OperationObject, components: Components): string => {
  const parameters = operation.parameters.filter((parameter) => 'in' in parameter);
  const path = url.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema;
    return encodeURIComponent(asText(exampleOf(schema ?? {}, components, false, name)));
  });
  const query = queryOf(parameters, components);
  const body = operation.requestBody?.content['application/json'].schema;
  const lines = [
    query.length > 0
      ? `curl -G '${ORIGIN}${path}'`
      : `curl${method === 'GET' ? '' : ` -X ${method}`} '${ORIGIN}${path}'`,
    ...(operation.security.length > 0 ? ['  -H "Authorization: Bearer $INNKEEPER_TOKEN"'] : []),
    ...(parameters.some(({ name }) => name === 'Idempotency-Key') ? ['  -H "Idempotency-Key: $(uuidgen)"'] : []),
    ...query,
    ...(body
      ? [
          "  -H 'Content-Type: application/json'",
          `  -d ${quoted(JSON.stringify(exampleOf(body, components, false), null, 2))}`,
        ]
      : []),
  ];
  return lines.join(' \\\n');
};
