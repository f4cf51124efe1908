import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { describeEnvironment } from '../bench/environment.ts';
import { closedLoad, quantile } from '../bench/load.ts';
import { undisturbed } from './measure/others.ts';
import { openStatements, type Statements } from './measure/statements.ts';

const CONNECTIONS = [1, 2, 4, 8, 16, 32, 64];
const WARMED_MS = 5_000;

/** The database has a processor for itself; whoever calls has the other one. */
const pin = (pid: number, core: number): void => {
  if (availableParallelism() > 1) execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
};

const rateWith = async (statements: Statements, connections: number, ms: number): Promise<number> => {
  const { write, close } = statements.open(connections);
  try {
    await closedLoad(connections, ms / 2, write);
    const own = { server: statements.serverPid, database: statements.databasePid };
    return await undisturbed(own, () => closedLoad(connections, ms, write));
  } finally {
    await close();
  }
};

/**
 * How many bookings a second the one processor of a database writes over more and more connections: the median of so many rounds of
 * `ms` each. A minute on a machine with nothing else to do; on another one each step waits until others have little to do.
 */
export const measure = async (rounds: number, ms: number) => {
  const environment = await describeEnvironment();
  await using opened = new AsyncDisposableStack();
  const statements = await openStatements(opened);
  pin(statements.databasePid, 1);
  pin(process.pid, 0);
  const warm = statements.open(8);
  await closedLoad(8, WARMED_MS, warm.write);
  await warm.close();
  await statements.settle();
  const all: { connections: number; rate: number }[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const connections of CONNECTIONS) {
      const rate = await rateWith(statements, connections, ms);
      console.log(`round ${round}: ${rate.toFixed(0)} a second over ${connections} connections`);
      all.push({ connections, rate });
    }
  }
  const middle = (connections: number) =>
    Math.round(
      quantile(
        all.filter((one) => one.connections === connections).map(({ rate }) => rate),
        0.5,
      ),
    );
  return { environment, database: CONNECTIONS.map((connections) => ({ connections, rate: middle(connections) })) };
};
