import type { ImportProgress } from '../../features/imports/index.ts';
import { type Progress, startProgress } from '../progress.ts';

const TITLES: Record<ImportProgress['step'], string> = {
  reading: 'Reading the files',
  loading: 'Loading the calendar',
  analyzing: 'Renewing the statistics',
};

/** Shows one step of an import after the other; `end` takes the line away. */
export const stepProgress = (): { show(progress: ImportProgress): void; end(): void } => {
  let step: ImportProgress['step'] | undefined;
  let line: Progress | undefined;
  return {
    show(progress) {
      if (progress.step !== step) {
        line?.end();
        step = progress.step;
        line = startProgress(TITLES[step]);
      }
      if (progress.step === 'loading') line?.at(progress.rows, progress.ofRows);
    },
    end: () => line?.end(),
  };
};
