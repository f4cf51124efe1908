import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { missingPrograms } from '../../prometheus/src/programs.ts';

// node tests/chart/edge.ts [WORD...]: the edge's rendered configuration in a real nginx, before servers that do what is wanted of
// them. With words, the tests that have one in their name.

const SUITES = ['balancing', 'retries', 'passing', 'heads', 'refusals', 'stopping', 'tls', 'resolver'];
/** They mostly wait. */
const AT_A_TIME = 4;

const missing = missingPrograms(['helm', 'nginx', 'openssl']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const words = process.argv.slice(2).map((word) => new RegExp(RegExp.escape(word), 'i'));
const tests = run({
  files: SUITES.map((suite) => join(import.meta.dirname, 'edge', `${suite}.tests.ts`)),
  concurrency: AT_A_TIME,
  ...(words.length > 0 && { testNamePatterns: words }),
});
tests.on('test:fail', () => {
  process.exitCode = 1;
});
tests.compose(spec()).pipe(process.stdout);
