import type { OpenApiDocument } from '../document.ts';
import { type Html, html, prose } from './html.ts';
import { fieldRow, schemaAnchor } from './schema-view.ts';

const TEXT = `Paths are below \`{base}\`. Bodies are JSON. In a query, a list repeats its key (\`ages=4&ages=9\`); an object is written as
JSON text and URL-encoded. Fields that are not listed are refused.`;

/** What holds for every operation, said once: paths, credentials, headers, errors. */
export const conventionsView = ({ components, servers }: OpenApiDocument): Html => {
  const { parameters, headers, securitySchemes } = components;
  const scheme = Object.values(securitySchemes)[0]?.description ?? '';
  const asked = Object.values(parameters).map(({ name, schema, description, required }) =>
    fieldRow(name, { ...schema, description }, required),
  );
  const given = Object.entries(headers).map(([name, { schema, description }]) =>
    fieldRow(name, { ...schema, description }, false),
  );
  return html`<section class="intro" data-aside><h2 id="conventions">For every operation</h2>
${prose(TEXT.replace('{base}', servers[0]?.url ?? '/'))}
<h4>Sent</h4><ul class="fields">${fieldRow('Authorization', { type: 'Bearer', description: scheme }, false, 'where a permission is named')}${asked}</ul>
<h4>Answered</h4><ul class="fields">${given}</ul>
<h4>Errors</h4><p>Anything but success answers an <a href="#${schemaAnchor('Error')}">Error</a>: a stable <code>code</code> for programs, a
<code>message</code> for people, whether a retry can help, and the fields at fault.</p></section>`;
};
