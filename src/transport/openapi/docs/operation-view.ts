import type { OpenApiDocument } from '../document.ts';
import { resolve } from '../json-schema.ts';
import type { OperationObject, Parameter } from '../operation-object.ts';
import { curlOf } from './curl.ts';
import { exampleOf } from './example.ts';
import { type Html, html, prose } from './html.ts';
import { fieldRow, schemaView } from './schema-view.ts';

export interface Listed {
  method: string;
  path: string;
  operation: OperationObject;
}

const code = (title: string, text: string): Html => html`<figure class="code"><figcaption>${title}
  <button type="button" data-copy>Copy</button></figcaption><pre tabindex="0"><code>${text}</code></pre></figure>`;

const parametersView = (title: string, parameters: Parameter[]): Html | false =>
  parameters.length > 0 &&
  html`<h4>${title}</h4><ul class="fields">${parameters.map(({ name, schema, content, required, description }) => {
    const shown = schema ?? content?.['application/json'].schema ?? {};
    return fieldRow(name, { ...shown, ...(description && { description }) }, required, content && 'as JSON text');
  })}</ul>`;

/** `/bookings/{id}` with places to break and the fields marked. */
const pathView = (path: string) =>
  path.split(/(\{\w+\})/).map((piece) => (piece.startsWith('{') ? html`<var>${piece}</var>` : html`${piece}`));

/** The section of one operation: how to call it, what goes in, what comes out, an example of both. */
export const operationView = ({ method, path, operation }: Listed, { components, servers }: OpenApiDocument): Html => {
  const { schemas, responses } = components;
  const parameters = operation.parameters.filter((parameter) => 'in' in parameter);
  const body = operation.requestBody?.content['application/json'].schema;
  const outcomes = Object.entries(operation.responses);
  const [status, success] = outcomes.find(([number]) => number < '300') ?? ['200', { $ref: '' }];
  const answer = 'content' in success ? success.content['application/json'].schema : {};
  const errors = outcomes.flatMap(([number, outcome]) => {
    const shared = '$ref' in outcome && responses[outcome.$ref.split('/').at(-1) ?? ''];
    return shared ? [html`<li><code>${number}</code> ${shared.description}</li>`] : [];
  });
  const permission = operation['x-permission'];
  return html`<article class="operation" id="${operation.operationId}" data-search="${`${method} ${path} ${operation['x-procedure']} ${operation.summary}`.toLowerCase()}">
<div class="about"><h3><a href="#${operation.operationId}">${operation.summary}</a></h3>
<p class="route"><span class="method ${method.toLowerCase()}">${method}</span> <code>${pathView(path)}</code></p>
<p class="facts"><span>Permission ${permission === null ? 'none' : html`<code>${permission}</code>`}</span> <span>tRPC <code>${operation['x-procedure']}</code></span></p>
${operation.description && prose(operation.description)}
${parametersView(
  'Path',
  parameters.filter((parameter) => parameter.in === 'path'),
)}
${parametersView(
  'Query',
  parameters.filter((parameter) => parameter.in === 'query'),
)}
${parametersView(
  'Headers',
  parameters.filter((parameter) => parameter.in === 'header'),
)}
${body && html`<h4>Body</h4>${schemaView(body, schemas)}`}
<h4>Answer <code>${status}</code></h4>${schemaView(answer, schemas)}
<details><summary>Errors</summary><ul class="errors">${errors}</ul></details></div>
<div class="samples">${code('Request', curlOf(method, `${servers[0]?.url ?? ''}${path}`, operation, schemas))}
${code(`Answer ${status}`, JSON.stringify(exampleOf(resolve(answer, schemas), schemas, true), null, 2))}</div></article>`;
};
