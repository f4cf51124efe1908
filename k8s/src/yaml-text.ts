import { stringify } from 'yaml';

const HEAD =
  '# Made by `npm run manifests` from helm/innkeeper: change the chart, or patch this in an overlay of your own.\n';

export const yamlText = (documents: readonly unknown[]): string =>
  HEAD + documents.map((document) => stringify(document, { lineWidth: 0, version: '1.1' })).join('---\n');
