import type { SettingRow } from '../config.ts';

const cell = (text: string) => text.replaceAll('|', '\\|');

const row = ({ name, type, default: byDefault, meaning }: SettingRow) =>
  `| \`${name}\` | ${cell(type)} | ${byDefault === null ? '' : cell(byDefault)} | ${cell(meaning)} |`;

/** The page `docs/configuration.md`. */
export const configurationPage = (rows: SettingRow[]): string => {
  const sections = [...Map.groupBy(rows, ({ section }) => section)].map(
    ([section, inside]) =>
      `## ${section}\n\n| setting | type | default | meaning |\n|---|---|---|---|\n${inside.map(row).join('\n')}\n`,
  );
  return [
    '# Configuration\n',
    'Settings are environment variables; options of `innkeeper serve` come before them. All faults are reported together,',
    'with exit status 2. This page is made by `npm run docs:configuration`; `innkeeper config --current` shows what is in',
    'force.\n',
    sections.join('\n'),
  ].join('\n');
};
