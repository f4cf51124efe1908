import { Webhook } from 'standardwebhooks';
import type { WebhookMessage } from './contract.ts';

export type { WebhookMessage, WebhookMessages } from './contract.ts';

const SAYS = {
  MISSING_HEADERS:
    'A webhook carries the headers webhook-id, webhook-timestamp and webhook-signature; this request does not.',
  TOO_OLD:
    'It was signed more than five minutes before or after now: check the clock here, and whether it is a repetition.',
  BAD_SIGNATURE:
    'None of the secrets has signed this: check them, and that the body is given byte for byte as it came.',
  NOT_JSON: 'It is signed, but no message: not a JSON object with a type.',
};

export type WebhookFault = keyof typeof SAYS;

/** Why a request is not to be trusted as a webhook; `code` is stable and made for programs. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: WebhookFault;

  constructor(code: WebhookFault) {
    super(SAYS[code]);
    this.code = code;
  }
}

/** Headers as those of `fetch`, or as Node's own servers give them. */
export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;

const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

const isHeaders = (headers: WebhookHeaders): headers is Headers => typeof headers.get === 'function';

const signedHeaders = (headers: WebhookHeaders): Record<string, string> => {
  const given = new Map(
    isHeaders(headers) ? [] : Object.entries(headers).map(([name, of]) => [name.toLowerCase(), of]),
  );
  const found = SIGNED.map((name) => [
    name,
    isHeaders(headers) ? headers.get(name) : [given.get(name) ?? []].flat().join(' '),
  ]);
  if (found.some(([, value]) => !value)) throw new WebhookVerificationError('MISSING_HEADERS');
  return Object.fromEntries(found);
};

const keyOf = (secret: string): Webhook => {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new TypeError('A webhook secret is what webhooks.create answered: whsec_ and base64.', { cause });
  }
};

/** Strict, for else other bytes than those that were signed could read the same. */
const textOf = (body: string | Uint8Array): string => {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new WebhookVerificationError('BAD_SIGNATURE');
  }
};

const faultOf = (key: Webhook, text: string, headers: Record<string, string>): WebhookFault | undefined => {
  try {
    key.verify(text, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    return /timestamp too/.test(String(error)) ? 'TOO_OLD' : 'BAD_SIGNATURE';
  }
};

const messageOf = (text: string): WebhookMessage => {
  try {
    const message = JSON.parse(text);
    if (typeof message.type === 'string') return message;
  } catch {}
  throw new WebhookVerificationError('NOT_JSON');
};

/**
 * The message of a webhook, once it is known to come from Innkeeper: signed with one of the secrets (Standard Webhooks), not
 * more than five minutes off. `body` is what came, not parsed. Later servers may send types and versions that the types here
 * do not have. Throws WebhookVerificationError for what is not to be trusted, TypeError for secrets that are none.
 */
export const verifyWebhook = (
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
): WebhookMessage => {
  const keys = [secret].flat().map(keyOf);
  if (keys.length === 0) throw new TypeError('Give at least one webhook secret.');
  const signed = signedHeaders(headers);
  const text = textOf(body);
  const faults = keys.map((key) => faultOf(key, text, signed));
  const [fault] = faults.includes(undefined) ? [] : faults;
  if (fault) throw new WebhookVerificationError(fault);
  return messageOf(text);
};
