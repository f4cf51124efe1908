import { type Command, Option } from 'commander';
import { currentSettings, type SettingRow, settingRows } from '../config.ts';
import { columns } from './columns.ts';
import { configurationPage } from './configuration-page.ts';

interface Options {
  json?: true;
  markdown?: true;
  current?: true;
}

type ShownRow = SettingRow & { current?: string | null };

const heading = (current: boolean) => ['NAME', ...(current ? ['CURRENT'] : []), 'DEFAULT', 'TYPE', 'MEANING'];

const table = (rows: ShownRow[], current: boolean): string =>
  columns([
    heading(current),
    ...rows.map((row) => [row.name, ...(current ? [row.current ?? ''] : []), row.default ?? '', row.type, row.meaning]),
  ]);

export const registerConfig = (program: Command): void => {
  program
    .command('config')
    .description('List every setting with its type, default and meaning. Settings are environment variables.')
    .addOption(new Option('--json', 'as JSON').conflicts('markdown'))
    .addOption(new Option('--markdown', 'as the page docs/configuration.md').conflicts(['json', 'current']))
    .option('--current', 'with the values in force; secrets are not shown')
    .action(({ json, markdown, current }: Options) => {
      const values = current ? currentSettings() : {};
      const rows: ShownRow[] = settingRows().map((row) =>
        current ? { ...row, current: values[row.name] ?? null } : row,
      );
      if (markdown) process.stdout.write(configurationPage(rows));
      else process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, Boolean(current)));
    });
};
