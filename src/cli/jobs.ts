import type { Command } from 'commander';

const actions = () => import('./job-actions.ts');

export const registerJobs = (program: Command): void => {
  const jobs = program.command('jobs').description('Look into the background work, and retry what failed for good.');
  const command = (name: string, description: string) =>
    jobs
      .command(name)
      .description(description)
      .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)');

  command('list', 'list the queues and the jobs that failed for good').action(async (options) =>
    (await actions()).list(options),
  );
  command('run', 'let a queue’s next job begin now, whatever its schedule')
    .argument('<queue>', 'as innkeeper jobs list names it')
    .action(async (name, options) => (await actions()).run(name, options));
  command('retry', 'put jobs that failed for good back in their queues')
    .argument('[ids...]', 'which; all of them unless given')
    .action(async (ids, options) => (await actions()).retry(ids, options));
};
