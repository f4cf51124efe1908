import { importSample } from '../cli/import/sample.ts';
import type { Application } from '../compose.ts';
import type { Steps } from './steps.ts';

/** Loads what the tenant lacks of the sample, showing how far it is; throws the reason of `signal` once it is aborted. */
export const loadSample = async (
  application: Application,
  tenantId: string,
  steps: Steps,
  signal: AbortSignal,
): Promise<void> => {
  steps.next('Loading the sample');
  await importSample({
    application,
    tenantId,
    signal,
    onProgress: ({ step, rows, ofRows }) => step === 'loading' && steps.at(rows, ofRows),
  });
};
