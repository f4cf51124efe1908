import { writeFileSync } from 'node:fs';
import type { Outcome } from './check.ts';

export interface Result {
  name: string;
  outcomes: readonly Outcome[];
  /** What kept it from coming to its outcomes. */
  error: string;
}

export const failuresOf = ({ outcomes }: Result): Outcome[] => outcomes.filter(({ faults }) => faults.length > 0);

/** How many have passed and failed. A check that ended in an error is one that failed. */
export const countOf = (results: readonly Result[]): { passed: number; failed: number } => {
  const failed = results.reduce((sum, result) => sum + failuresOf(result).length + (result.error ? 1 : 0), 0);
  const outcomes = results.reduce((sum, result) => sum + result.outcomes.length - failuresOf(result).length, 0);
  return { passed: outcomes, failed };
};

/** In the form in which vitest's JSON reporter tells its results. */
export const writeResults = (path: string, results: readonly Result[]): void => {
  const { passed, failed } = countOf(results);
  const testResults = results.map((result) => ({
    name: result.name,
    status: result.error || failuresOf(result).length > 0 ? 'failed' : 'passed',
    message: result.error,
    assertionResults: result.outcomes.map(({ name, faults }) => ({
      status: faults.length > 0 ? 'failed' : 'passed',
      fullName: name,
      failureMessages: faults,
    })),
  }));
  const numTotalTests = passed + failed;
  const text = JSON.stringify({ numTotalTests, numPassedTests: passed, numFailedTests: failed, testResults });
  writeFileSync(path, text);
};
