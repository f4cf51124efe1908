import { type Command, InvalidArgumentError } from 'commander';

const MOST_PROPERTIES = 1_000_000;
const MOST_SEED = 2 ** 31;

const wholeNumber =
  (from: number, until: number) =>
  (text: string): number => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value < until) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${until - 1}.`);
  };

export const registerGenerate = (program: Command): void => {
  program
    .command('generate')
    .description(
      "Fill a tenant with properties made from the sample's listings of Antwerp, in turns over forty cities of Europe, with " +
        'other prices, stay limits and free nights: the same seed makes the same data on the same day. Servers may run ' +
        'meanwhile; a run that broke off is completed by the next, and a larger number adds to a smaller one. A property ' +
        'takes 200 kB of disk and 20 to 30 ms of one processor: 100 000 are 20 GB and 20 to 30 minutes on two.',
    )
    .requiredOption('--properties <number>', 'how many there shall be', wholeNumber(1, MOST_PROPERTIES + 1))
    .option('--seed <number>', 'what all that varies is drawn with', wholeNumber(0, MOST_SEED), 1)
    .option('--tenant <slug>', 'whose properties they become; needed when there are several tenants')
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await import('./generate/action.ts')).generate(options));
};
