import { type Command, Option } from 'commander';

const action = () => import('./cache-stats/action.ts');

export const registerCacheStats = (program: Command): void => {
  program
    .command('cache-stats')
    .description('What the cache of a running server holds and earns, by type of data and tier, since it was started.')
    .requiredOption('--url <url>', 'where the server is')
    .addOption(new Option('--key <key>', 'an API key with performance:read, such as an owner’s').makeOptionMandatory())
    .option('--json', 'print the figures as JSON')
    .action(async (options) => (await action()).printCacheStats(options));
};
