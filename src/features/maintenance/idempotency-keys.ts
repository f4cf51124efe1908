import { expireKeys } from '../commands/index.ts';
import type { Bench, Bites } from './bites.ts';

/** Deletes the stored answers whose time is over. */
export async function* deleteIdempotencyKeys({ database, scope }: Bench, nowIso: string): Bites {
  yield await expireKeys(database, scope, nowIso);
}
