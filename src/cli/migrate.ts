import { type Command, InvalidArgumentError } from 'commander';

const actions = () => import('./migrate-actions.ts');

const seconds = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Give seconds from 0 to 9999.');
  return Number(text);
};

export const registerMigrate = (program: Command): void => {
  const migrate = program
    .command('migrate')
    .description('Bring the schema up to date, as the login that owns the tables (DATABASE_MIGRATION_URL).');
  const onDatabase = (name: string, description: string, options = {}) =>
    migrate
      .command(name, options)
      .description(description)
      .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)');
  onDatabase('up', 'run what is pending, all or nothing; what migrate does alone', { isDefault: true })
    .option('--wait <seconds>', 'how long a database that does not answer yet is waited for', seconds, 0)
    .action(async (options) => (await actions()).up(options));
  onDatabase('status', 'list migrations and when they ran').action(async (options) =>
    (await actions()).status(options),
  );
  onDatabase('check', 'exit with status 1 when a migration is pending').action(async (options) =>
    (await actions()).check(options),
  );
  migrate
    .command('create')
    .argument('<name>', 'in small letters, digits and underscores')
    .description('add an empty migration to src/migrations and print its path')
    .action(async (name) => (await actions()).create(name));
};
