import { expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/app-error.ts';
import { errorFields } from '../../../src/platform/telemetry/error-fields.ts';

const databaseError = (message: string, code: string) =>
  Object.assign(new Error(message), { code, detail: 'Key (email)=(ada@example.org)', table: 'app_user', where: 'ada' });

test('a database fault shows its code and table, and nothing of the data it quotes', () => {
  const fields = errorFields(databaseError('invalid input syntax for type uuid: "ada@example.org"', '22P02'));
  expect(fields).toMatchObject({
    code: '22P02',
    table: 'app_user',
    message: 'invalid input syntax for type uuid: "?"',
  });
  expect(JSON.stringify(fields)).not.toContain('ada');
});

test('names in a database fault stay, since they are ours', () => {
  expect(errorFields(databaseError('relation "bokking" does not exist', '42P01')).message).toBe(
    'relation "bokking" does not exist',
  );
});

test('text that a parser quotes is masked', () => {
  const thrown = (() => {
    try {
      return JSON.parse('{"email": ada@example.org}');
    } catch (error) {
      return error;
    }
  })();
  expect(JSON.stringify(errorFields(thrown))).not.toContain('ada');
});

test('only the first line of a message is shown: what follows prints entities', () => {
  const fields = errorFields(new Error("Value for Guest.name is required\nentity: Guest { email: 'ada@example.org' }"));
  expect(fields.message).toBe('Value for Guest.name is required');
  expect(fields.stack).not.toContain('ada');
});

test('causes are followed to the fault at the bottom, with where it was thrown', () => {
  const inner = new TypeError("Cannot read properties of undefined (reading 'id')");
  const outer = new AppError('internal', 'INTERNAL', 'Something went wrong.', {
    cause: new Error('x', { cause: inner }),
  });
  const fields = errorFields(outer);
  expect(fields).toMatchObject({ type: 'AppError', code: 'INTERNAL', cause: { cause: { message: inner.message } } });
  expect(fields.cause?.cause?.stack).toContain('error-fields.test.ts');
});

test('a chain without end is cut', () => {
  const loop = new Error('again');
  loop.cause = loop;
  expect(JSON.stringify(errorFields(loop)).split('"cause"').length).toBeLessThan(10);
});

test('what is no error says so without its content', () => {
  expect(JSON.stringify(errorFields({ email: 'ada@example.org' }))).not.toContain('ada');
});
