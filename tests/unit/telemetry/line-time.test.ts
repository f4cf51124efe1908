import { expect, it } from 'vitest';
import { lineTime } from '../../../src/platform/telemetry/line-time.ts';

it('each line says when it was written, also where the clock goes back', () => {
  let now = 0;
  const time = lineTime(() => now);
  for (const at of [1_760_000_000_000, 1_760_000_000_000, 1_760_000_000_001, 1_759_999_999_999, 0]) {
    now = at;
    expect(JSON.parse(`{"msg":""${time()}}`)).toEqual({ msg: '', time: new Date(at).toISOString() });
  }
});
