import { expect, it, vi } from 'vitest';
import { type Listeners, silentListeners } from '../../../src/platform/telemetry/listeners.ts';
import { together } from '../../../src/platform/telemetry/together.ts';

it('each who listens is told all that is said, in turn', () => {
  const told: unknown[][] = [];
  const teller = (who: string): Listeners => ({
    ...silentListeners,
    onStatement: (...what) => void told.push([who, ...what]),
  });
  together(teller('first'), silentListeners, teller('second'), teller('third')).onStatement('a', 1, 'replica', 't');
  expect(told).toEqual(['first', 'second', 'third'].map((who) => [who, 'a', 1, 'replica', 't']));
});

it('who is alone in listening is told as itself, and what nobody listens to goes nowhere', () => {
  const alone = { ...silentListeners, name: 'alone', onShed: vi.fn() };
  const { onShed, onCall } = together(silentListeners, alone);
  onShed('query');
  expect(alone.onShed.mock.calls).toEqual([['query']]);
  expect(alone.onShed.mock.contexts).toEqual([alone]);
  expect(onCall).toBe(silentListeners.onCall);
});
