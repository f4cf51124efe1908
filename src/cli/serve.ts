import { type Command, InvalidArgumentError } from 'commander';
import { overriddenBy, readSettings } from '../config.ts';
import { preload } from '../platform/telemetry/preload.ts';

const instant = (text: string): string => {
  try {
    return Temporal.Instant.from(text).toString({ fractionalSecondDigits: 3 });
  } catch {
    throw new InvalidArgumentError('Give an instant with its offset, like 2026-03-02T12:00:00Z.');
  }
};

interface Options {
  port?: string;
  host?: string;
  dataDir?: string;
  clock?: string;
}

export const registerServe = (program: Command): void => {
  program
    .command('serve')
    .description('Serve the API until SIGINT or SIGTERM; with a PostgreSQL of its own unless DATABASE_URL is set.')
    .option('--port <number>', 'port to listen on (PORT)')
    .option('--host <address>', 'address to listen on (HOST)')
    .option('--data-dir <folder>', 'where the embedded database lives (INNKEEPER_DATA_DIR)')
    .option('--clock <instant>', 'start on a clock that stands still and is moved by clock.advance', instant)
    .action(async ({ port, host, dataDir, clock }: Options) => {
      await preload(process.env);
      const { serve } = await import('../main.ts');
      const given = { PORT: port, HOST: host, INNKEEPER_DATA_DIR: dataDir };
      await serve(readSettings(overriddenBy(given)), { instant: clock });
    });
};
