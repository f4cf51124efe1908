import { randomIds } from '../../kernel/ids.ts';
import { operatorOf } from '../../kernel/principal.ts';
import { newScope } from '../../platform/db/scope.ts';
import { SAMPLE_FILES } from '../import/sample.ts';
import { stopSignal, tenantOf } from '../import/target.ts';
import { startProgress } from '../progress.ts';
import { withApplication } from '../with-application.ts';

export interface GenerateOptions {
  properties: number;
  seed: number;
  tenant?: string;
  dataDir?: string;
}

export const generate = ({ properties, seed, ...options }: GenerateOptions): Promise<void> =>
  withApplication(options, async (context) => {
    const { id } = await tenantOf(context, options.tenant);
    const progress = startProgress('Making properties');
    try {
      const { made, unchanged, cities, milliseconds } = await context.application.imports.generate(
        { principal: operatorOf(id), scope: newScope(id), requestId: randomIds.uuid() },
        { files: SAMPLE_FILES, properties, seed, onProgress: progress.at, signal: stopSignal() },
      );
      progress.end();
      process.stdout.write(
        `Made ${made} properties in ${cities} cities in ${(milliseconds / 1_000).toFixed(1)} s; ${unchanged} were there before.\n`,
      );
    } finally {
      progress.end();
    }
  });
