import type { AppRouter } from './contract.ts';

type Routes = AppRouter['_def']['record'];

/** An input without fields is a record of anything, whose keys would be all strings. */
type NamedKeys<Input> = string extends keyof Input ? never : keyof Input;

/** The mutations whose input has no idempotency key, as `area.name`. */
type KeylessMutation = {
  [Area in keyof Routes & string]: {
    [Name in keyof Routes[Area] & string]: Routes[Area][Name] extends {
      _def: { type: 'mutation'; $types: { input: infer Input } };
    }
      ? 'idempotencyKey' extends NamedKeys<Input>
        ? never
        : `${Area}.${Name}`
      : never;
  }[keyof Routes[Area] & string];
}[keyof Routes & string];

const KEYLESS: Record<KeylessMutation, true> = {
  'auth.refresh': true,
  'auth.signIn': true,
  'auth.signOut': true,
  'clock.advance': true,
  'performance.clearCache': true,
  'performance.collectGarbage': true,
  'webhooks.test': true,
};

/** True for the mutations that take an idempotency key; all but those that sign in and out and those that operate the server. */
export const takesKey = (path: string): boolean => !Object.hasOwn(KEYLESS, path);
