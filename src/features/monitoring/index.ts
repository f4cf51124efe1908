export { type CountsDeps, readCounts } from './counts.ts';
export { keepCounts } from './kept-counts.ts';
export { checkLedger } from './ledger-check.ts';
