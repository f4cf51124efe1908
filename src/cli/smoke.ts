import { type Command, InvalidArgumentError } from 'commander';

const action = () => import('./smoke/action.ts');

const MOST_SECONDS = 3_600;

const address = (text: string): string => {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new InvalidArgumentError('Give an address like http://127.0.0.1:3000.');
  }
  return text.replace(/\/+$/, '');
};

const seconds = (text: string): number => {
  if (!/^\d{1,4}$/.test(text) || Number(text) > MOST_SECONDS) {
    throw new InvalidArgumentError(`Give seconds from 0 to ${MOST_SECONDS}.`);
  }
  return Number(text);
};

export const registerSmoke = (program: Command): void => {
  program
    .command('smoke')
    .description(
      'Search, book and cancel a night over HTTP, in a tenant of its own, with a key that it makes in the database and revokes ' +
        'again. Tries nothing twice; exits with status 1 when an answer is missing or wrong.',
    )
    .requiredOption('--url <url>', 'where the server is', address)
    .option('--timeout <seconds>', 'how long it may take to become ready', seconds, 60)
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .action(async (options) => (await action()).smoke(options));
};
