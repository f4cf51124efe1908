import { type Command, InvalidArgumentError, Option } from 'commander';
import { ExitStatus } from '../run-command.ts';
import type { ReplayOptions } from './run.ts';

const MOST_AT_ONCE = 1_000;

const calls = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_AT_ONCE) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_AT_ONCE}.`);
};

export const registerReplay = (program: Command): void => {
  program
    .command('replay')
    .description('Send recorded demand through the running API and compare what became of it with the file.')
    .command('hotel-demand <file>')
    .description('The hotel booking demand dataset (Antonio, de Almeida, Nunes 2019), plain or gzipped.')
    .option('--url <url>', 'a server that stands on --clock; one of its own in a temporary folder unless given')
    .option('--key <key>', 'an API key for --url')
    .option('--data-dir <folder>', 'where the own server keeps its data; a broken run continues there')
    .option('--at-once <calls>', 'calls under way at once', calls, 16)
    .addOption(
      new Option('--capacity <rooms>', 'rooms for every booking, or only those stayed in')
        .choices(['planned', 'stayed'])
        .default('planned'),
    )
    .action(async (file: string, options: ReplayOptions) => {
      const startedAt = performance.now();
      const { replayFile } = await import('./run.ts');
      const { text, asExpected } = await replayFile(file, options);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      process.stdout.write(`${text}\n\nReplayed in ${Math.floor(seconds / 60)} min ${seconds % 60} s.\n`);
      if (!asExpected) throw new ExitStatus(1);
    });
};
