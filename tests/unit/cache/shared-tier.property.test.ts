import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFakeStore } from './fake-store.ts';
import { createLog, startProcess } from './shared-world.ts';

const TAGS = ['x', 'y'];
const tag = fc.constantFrom(...TAGS);
const who = fc.nat(2);
const fail = fc.constantFrom('never' as const, 'never' as const, 'never' as const, 'before' as const, 'after' as const);

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('get' as const), who, tag, lag: fc.nat(40) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('look' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), tag }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('grow' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('begin' as const), tag }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), how: fail }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('snapshot' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('go back' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick++) await Promise.resolve();
};

test('whatever fails and whoever restarts, nobody is given less than it was told of or its token says', async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.oneof(fc.nat(10), fc.constant(60))), { minLength: 60, maxLength: 250, size: 'max' }),
      async (steps) => {
        let nowMs = 1_000_000;
        let turn = 0;
        const log = createLog();
        const redis = createFakeStore(
          () => nowMs,
          () => {
            turn = (turn * 7 + 3) % 11;
            return ticks(turn);
          },
        );
        const processes = ['a', 'b', 'c'].map((name) =>
          startProcess(log, redis.store, () => nowMs, name, name !== 'a'),
        );
        for (const process of processes) {
          process.start();
          process.look();
          await ticks(200);
        }
        const running: Promise<void>[] = [];
        let goBack = redis.snapshot();
        let hasCrashed = false;
        for (const [now, pause] of steps) {
          nowMs += 100;
          const process = 'who' in now ? processes[now.who] : undefined;
          if (now.do === 'look') process?.look();
          else if (now.do === 'restart') process?.start();
          else if (now.do === 'write') log.write(now.tag);
          else if (now.do === 'begin') log.begin(now.tag);
          else if (now.do === 'commit') log.commit(log.oldest() ?? 0);
          else if (now.do === 'grow') log.grow();
          else if (now.do === 'fail') redis.fail(now.how);
          else if (now.do === 'snapshot') goBack = redis.snapshot();
          else if (now.do === 'go back') goBack();
          else if (now.do === 'crash') {
            hasCrashed = true;
            log.crash();
          } else if (now.do === 'get' && process) {
            // After a crash a token may name a place that is written anew.
            const token = now.lag % 3 === 0 && !hasCrashed ? log.position - now.lag : undefined;
            const least = Math.max(process.told(now.tag), log.versionAt(now.tag, token ?? 0));
            running.push(
              process.get(now.tag, { lag: now.lag, ...(token !== undefined && { token }) }).then(
                ({ value }) => expect(value, `${now.tag} by ${now.who}`).toBeGreaterThanOrEqual(least),
                (error: Error) => expect(error.message).toBe('beyond the log'),
              ),
            );
          }
          await ticks(pause);
        }
        await Promise.all(running);
        hits += processes.reduce((sum, { cache }) => sum + (cache.stats().types.property.shared?.hit ?? 0), 0);
      },
    ),
    { numRuns: 300 },
  );
  expect(hits).toBeGreaterThan(100);
});
