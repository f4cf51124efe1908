import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedWork } from '../../../src/platform/jobs/bounded-work.ts';

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('bounded work', () => {
  it('runs every piece, and never more at a time than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(20)), async (atOnce, lengths) => {
        let running = 0;
        let most = 0;
        let done = 0;
        await boundedWork(atOnce, async (start) => {
          for (const length of lengths) {
            await start(async () => {
              most = Math.max(most, ++running);
              await turns(length);
              running--;
              done++;
            });
          }
        });
        expect(done).toBe(lengths.length);
        expect(most).toBeLessThanOrEqual(atOnce);
      }),
    );
  });

  it('waits for what runs when a piece fails, throws the first failure and starts nothing more', async () => {
    const events: string[] = [];
    const work = boundedWork(2, async (start) => {
      await start(async () => {
        await turns(10);
        events.push('slow piece ended');
      });
      await start(() => Promise.reject(new Error('first')));
      await start(() => Promise.reject(new Error('second')));
      events.push('third was started');
    });
    await expect(work).rejects.toThrow('first');
    expect(events).toEqual(['slow piece ended']);
  });

  it('waits for what runs when the producer fails', async () => {
    let ended = false;
    const work = boundedWork(2, async (start) => {
      await start(async () => {
        await turns(10);
        ended = true;
      });
      throw new Error('no more');
    });
    await expect(work).rejects.toThrow('no more');
    expect(ended).toBe(true);
  });
});
