import type { IdTable, IdWords } from './id-table.ts';

/** A place in the order of a search's answer: the sort key, then the property's id. */
export interface Place {
  key: number;
  id: IdWords;
}

/**
 * The first `most` of the properties after a place, by key and then id, and whether there are more. Keys stand
 * by property, and ascend: the smaller, the better.
 */
export const bestFirst = (
  properties: Uint32Array,
  count: number,
  { ids, keys: keyOf, after, most }: { ids: IdTable; keys: Float64Array; after: Place | null; most: number },
): { properties: number[]; hasMore: boolean } => {
  const best: number[] = [];
  const keys: number[] = [];
  let passed = 0;
  for (let i = 0; i < count; i++) {
    const property = properties[i] as number;
    const key = keyOf[property] as number;
    if (after && (key < after.key || (key === after.key && ids.compareTo(property, after.id) <= 0))) continue;
    passed += 1;
    const worst = best.length - 1;
    if (best.length === most) {
      const worstKey = keys[worst] as number;
      if (key > worstKey || (key === worstKey && ids.compare(property, best[worst] as number) > 0)) continue;
    }
    let at = best.length;
    while (at > 0) {
      const keyBefore = keys[at - 1] as number;
      if (keyBefore < key || (keyBefore === key && ids.compare(best[at - 1] as number, property) < 0)) break;
      at -= 1;
    }
    best.splice(at, 0, property);
    keys.splice(at, 0, key);
    if (best.length > most) {
      best.pop();
      keys.pop();
    }
  }
  return { properties: best, hasMore: passed > best.length };
};
