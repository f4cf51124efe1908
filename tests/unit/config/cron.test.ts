import { expect, test } from 'vitest';
import { isCron } from '../../../src/config/cron.ts';
import { readSettings } from '../../../src/config.ts';

test.for(['17 3 * * *', '*/5 0-6,22 1,15 */2 1-5', '0-59/59 23 31 12 7', '* * * * 0'])(
  '%s is a cron expression',
  (text) => {
    expect(isCron(text)).toBe(true);
  },
);

test.for([
  ...['', '17 3 * *', '17 3 * * * *', '17  3 * * *', ' 17 3 * * *', '17 3 * * *\n', '@daily'],
  ...['60 3 * * *', '17 24 * * *', '17 3 0 * *', '17 3 32 * *', '17 3 * 13 *', '17 3 * * 8'],
  ...[
    '5-1 3 * * *',
    '*/0 3 * * *',
    '*/60 3 * * *',
    '1, 3 * * *',
    '1,, 3 * * *',
    '-1 3 * * *',
    'x 3 * * *',
    '1-2-3 3 * * *',
  ],
])('“%s” is none', (text) => {
  expect(isCron(text)).toBe(false);
});

test('a schedule that is none is refused at the start, with all other faults', () => {
  expect(() =>
    readSettings({ MAINTAIN_CRON: 'daily', PORT: 'x', EVENT_RETENTION_DAYS: '0', AUDIT_RETENTION_DAYS: '29' }),
  ).toThrow(
    expect.objectContaining({
      faults: [
        'PORT must be a whole number from 0 to 65535.',
        'MAINTAIN_CRON must be a cron expression of five fields in numbers, like 17 3 * * *.',
        'AUDIT_RETENTION_DAYS must be a whole number from 30 to 36500.',
        'EVENT_RETENTION_DAYS must be a whole number from 4 to 36500.',
      ],
    }),
  );
});
