import { hash } from 'node:crypto';
import { type ConsistencyToken, newerToken } from '../../../kernel/consistency-token.ts';
import { decodeEntry, type SharedEntry } from './coding.ts';
import type { Joined } from './history-parts.ts';
import { positionOfOrdered } from './ordered-position.ts';
import { HISTORY_FIELDS, parseMark, type SharedStore } from './store.ts';

/** What a look into the store found: for whoever fills, also where there was nothing. */
export interface LookedUp {
  joined: Joined;
  /** Names the versions that the tags have; an entry that was stamped otherwise is older than a mark. */
  stamp: string;
  /** What has to be in the answer as far as the history tells. */
  needs: ConsistencyToken;
  entry: SharedEntry | null;
  /** Milliseconds until the store drops it. */
  leftMs: number;
}

const stampOf = (id: string, tags: readonly string[], versions: readonly string[]): string =>
  hash('sha256', JSON.stringify([id, tags, versions]), 'base64url');

/**
 * Reads the value and what the history tells of its tags; null where that is not the joined one, or has lost marks that were made
 * in it. Rejects as the store does.
 */
export const lookUp = async (
  store: SharedStore,
  key: string,
  historyKey: string,
  joined: Joined,
  tags: readonly string[],
): Promise<LookedUp | null> => {
  const { id: ID, from: FROM, chain: CHAIN } = HISTORY_FIELDS;
  const names = [ID, `${CHAIN}${joined.chain}`, FROM, ...tags];
  const { value, leftMs, fields } = await store.read(key, historyKey, names);
  const [id, marked, from, ...marks] = fields;
  const begun = from ? positionOfOrdered(from) : null;
  if (id !== joined.id || !marked || Number(marked) < joined.marks || !begun) return null;
  const parsed = marks.map(parseMark);
  const needs = parsed.reduce<ConsistencyToken>(
    (newest, { at }) => newerToken(newest, at === null ? null : positionOfOrdered(at)) ?? newest,
    begun,
  );
  const stamp = stampOf(
    id,
    tags,
    parsed.map(({ version }) => version),
  );
  // Damage is as good as nothing.
  const entry = value === null ? null : await decodeEntry(value).catch(() => null);
  return { joined, stamp, needs, entry, leftMs };
};
