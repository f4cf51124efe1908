import { type Command, InvalidArgumentError } from 'commander';

const action = () => import('./analyze/action.ts');

const seconds = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number of seconds.');
  return Number(text);
};

export const registerAnalyze = (program: Command): void => {
  program
    .command('analyze')
    .description(
      'Look into the statistics of the database and its replicas: the costliest statements, sizes of tables and indexes, ' +
        'unused indexes, missing ones (a guess), hits in memory and long transactions, and of Redis where one is used. Reads no data and changes nothing.',
    )
    .option('--json', 'print the report as JSON')
    .option('--long <seconds>', 'transactions open for longer are shown', seconds, 30)
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await action()).runAnalysis(options));
};
