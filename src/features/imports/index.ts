import { createGenerate } from './generation/generate.ts';
import { createInsideAirbnbImport, type ImportDependencies } from './inside-airbnb.ts';
import { createCountNew } from './known-listings.ts';

export type { GenerateInput, GenerateReport } from './generation/generate.ts';
export type { ImportInput } from './inside-airbnb.ts';
export type { Market } from './market.ts';
export type { ImportProgress } from './progress.ts';
export type { ImportReport, RowCounts } from './report.ts';
export type { OpenFile, RefusedRow, SourceFile, SourceFiles } from './source-files.ts';

export const createImports = (deps: ImportDependencies) => ({
  insideAirbnb: createInsideAirbnbImport(deps),
  generate: createGenerate(deps),
  /** How many listings of a listings file an import would still make. */
  countNewListings: createCountNew(deps.database),
});
