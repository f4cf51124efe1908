import { type Command, InvalidArgumentError } from 'commander';

const action = () => import('./watch/action.ts');

const MOST_SECONDS = 3_600;

const seconds = (text: string): number => {
  const value = Number(text);
  if (!/^\d{1,4}(\.\d)?$/.test(text) || value < 0.5 || value > MOST_SECONDS) {
    throw new InvalidArgumentError(`Give seconds from 0.5 to ${MOST_SECONDS}.`);
  }
  return value;
};

const address = (text: string): string => {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new InvalidArgumentError('Give an address like http://127.0.0.1:9464.');
  }
  return text;
};

export const registerWatch = (program: Command): void => {
  program
    .command('watch')
    .description(
      'How a running process does, live in the terminal: latency, rate and errors, pools, cache, replicas, event loop, memory, alerts. Reads its admin port.',
    )
    .option('--url <url>', 'where its admin port is', address, 'http://127.0.0.1:9464')
    .option('--once', 'print one picture and end, as where the output is no terminal')
    .option('--interval <seconds>', 'between two looks', seconds, 2)
    .action(async (options) => (await action()).watch(options));
};
