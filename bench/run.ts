/** `npm run bench -- NAME [...]` runs bench/NAME.ts, which prints its figures beside their bounds. */
const [name = ''] = process.argv.splice(2, 1);
const BENCHMARKS = [
  'bookings',
  'events',
  'fast-lane',
  'search-index',
  'search-index-database',
  'streams',
  'cached-search',
];

if (!BENCHMARKS.includes(name)) {
  console.error(`Give the name of a benchmark: ${BENCHMARKS.join(', ')}.`);
  process.exit(2);
}
await import(`./${name}.ts`);
