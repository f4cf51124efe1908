import type { Ids } from '../../kernel/ids.ts';
import { sha256 } from './secrets.ts';

export type ApiKeyKind = 'secret' | 'publishable';

/** A key as its holder sends it, `ik_<prefix>_<secret>` or `pk_<prefix>_<secret>`, and what the database keeps of it. */
export interface NewKey {
  text: string;
  /** 16 hex digits, public: rows are found by it. */
  prefix: string;
  /** SHA-256 of the whole text, whose secret has 256 bits. */
  hash: Buffer;
}

const TAG: Record<ApiKeyKind, string> = { secret: 'ik', publishable: 'pk' };
const SHAPE = /^(?:ik|pk)_([0-9a-f]{16})_[\w-]{43}$/;

export const newKey = (ids: Ids, kind: ApiKeyKind): NewKey => {
  const prefix = Buffer.from(ids.secret(8), 'base64url').toString('hex');
  const text = `${TAG[kind]}_${prefix}_${ids.secret(32)}`;
  return { text, prefix, hash: sha256(text) };
};

/** True for what claims to be an API key, whether or not it is a good one. */
export const looksLikeKey = (text: string): boolean => text.startsWith('ik_') || text.startsWith('pk_');

/** True for a key that may stand in a web page. */
export const isPublishable = (text: string): boolean => text.startsWith('pk_');

/** The prefix to look a key up by; null when the text has not the shape of one. */
export const prefixOf = (text: string): string | null => SHAPE.exec(text)?.[1] ?? null;
