import type { Ids } from '../../kernel/ids.ts';
import { sha256 } from './secrets.ts';

/** `rt_<family>_<secret>`: the family stays a session's own, the secret is new with each refresh. Only digests are stored. */
export interface RefreshToken {
  text: string;
  family: string;
  familyHash: Buffer;
  hash: Buffer;
}

const SHAPE = /^rt_([\w-]{22})_[\w-]{43}$/;

const tokenOf = (text: string, family: string): RefreshToken => ({
  text,
  family,
  familyHash: sha256(family),
  hash: sha256(text),
});

/** The next token of a family, or the first of a new one. */
export const newRefreshToken = (ids: Ids, family = ids.secret(16)): RefreshToken =>
  tokenOf(`rt_${family}_${ids.secret(32)}`, family);

/** Null when the text has not the shape of one. */
export const parseRefreshToken = (text: string): RefreshToken | null => {
  const family = SHAPE.exec(text)?.[1];
  return family === undefined ? null : tokenOf(text, family);
};
