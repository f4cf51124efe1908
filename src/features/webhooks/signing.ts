import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { deriveKey, seal, unseal } from '../../kernel/sealing.ts';

const SECRET_BYTES = 32;

/** A new secret as the Standard Webhooks specification writes it. */
export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** Keeps secrets sealed under a key of their own, derived from DATA_KEY. */
export const createSecretBox = (masterSecret: string) => {
  const key = deriveKey(masterSecret, 'webhook-secrets');
  return {
    seal: (secret: string): Buffer => seal(key, Buffer.from(secret)),
    open: (sealed: Buffer): string => unseal(key, sealed).toString(),
  };
};
export type SecretBox = ReturnType<typeof createSecretBox>;

/** The headers of a message, signed with every secret that is good now (Standard Webhooks 1.0). */
export const signedHeaders = (
  messageId: string,
  sentAtMs: number,
  body: string,
  secrets: readonly string[],
): Record<string, string> => {
  const at = new Date(sentAtMs);
  return {
    'content-type': 'application/json',
    'user-agent': 'Innkeeper-Webhooks/1',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(sentAtMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
  };
};
