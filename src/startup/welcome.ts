import { join } from 'node:path';
import { styleText } from 'node:util';
import { type DemoTenant, KEYS_FILE } from './demo-tenant.ts';
import type { Suggestion } from './suggestions.ts';

export interface Welcome {
  version: string;
  url: string;
  /** Where metrics and health are told. */
  adminUrl: string;
  /** The embedded database's folder; null with DATABASE_URL. */
  dataDir: string | null;
  /** Where a standing clock stands; null when it runs. */
  standsAt: string | null;
  demo: DemoTenant | null;
  suggestions: Suggestion[];
}

type Paint = (style: 'bold' | 'dim' | 'cyan', text: string) => string;

const aligned = (rows: [string, string][], paint: Paint): string[] => {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${paint('dim', label.padEnd(width))}  ${value}`);
};

const keysOf = (demo: DemoTenant, dataDir: string | null, paint: Paint): string[] => [
  '',
  `  ${paint('bold', `Keys of the tenant ${demo.tenant}`)}${dataDir === null ? ', shown this once' : paint('dim', `  kept in ${join(dataDir, KEYS_FILE)}`)}`,
  ...aligned(
    [
      ['owner', demo.ownerKey],
      ['web pages', demo.publishableKey],
    ],
    paint,
  ),
];

/** What is printed once the server is ready; coloured where the stream shows it. */
export const welcomePage = (welcome: Welcome, stream: NodeJS.WritableStream): string => {
  const paint: Paint = (style, text) => styleText(style, text, { stream });
  const { url, adminUrl, dataDir, standsAt, demo, suggestions } = welcome;
  const places: [string, string][] = [
    ['API', paint('cyan', url)],
    ['Reference', paint('cyan', `${url}/docs`)],
    ['Metrics', paint('cyan', `${adminUrl}/metrics`)],
    ...(dataDir === null ? [] : [['Data', dataDir] satisfies [string, string]]),
    ...(standsAt === null ? [] : [['Clock', `stands at ${standsAt}`] satisfies [string, string]]),
  ];
  return [
    '',
    `  ${paint('bold', `Innkeeper ${welcome.version} is ready`)}`,
    ...aligned(places, paint),
    ...(demo ? keysOf(demo, dataDir, paint) : []),
    '',
    `  ${paint('bold', 'To try')}`,
    ...suggestions.flatMap(({ what, command }) => [`  ${paint('dim', `# ${what}`)}`, `  ${command}`]),
    '',
    `  ${paint('dim', 'Ctrl-C stops everything.')}`,
    '',
    '',
  ].join('\n');
};
