export { createInsideAirbnbImport, type ImportInput, type ImportStep } from './inside-airbnb.ts';
export type { Market } from './market.ts';
export type { ImportReport, RowCounts } from './report.ts';
export type { OpenFile, RefusedRow, SourceFile, SourceFiles } from './source-files.ts';
