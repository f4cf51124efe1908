import { createServer, type Server } from 'node:http';
import { verifyWebhook, type WebhookMessage, WebhookVerificationError } from '../webhooks.ts';

const MAX_BYTES = 1_000_000;

/**
 * A server that takes webhooks: `createWebhookReceiver([secret], handle).listen(8080)`. Each message is handled once, those of
 * a booking in order. Give both secrets while one is being replaced.
 */
export const createWebhookReceiver = (
  secrets: readonly string[],
  handle: (message: WebhookMessage) => void | Promise<void>,
): Server => {
  // In memory, to be short. Real receivers write a message to a table, its id the primary key, and then answer.
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  let work = Promise.resolve();

  /** A message comes again when our answer got lost, and an older one when it is replayed. */
  const isNews = ({ id, bookingId, bookingSeq }: WebhookMessage): boolean => {
    if (seen.has(id)) return false;
    seen.add(id);
    if (bookingId === null || bookingSeq === null) return true;
    if (bookingSeq <= (newest.get(bookingId) ?? 0)) return false;
    newest.set(bookingId, bookingSeq);
    return true;
  };

  return createServer(async (request, response) => {
    try {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of request) {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) return;
        chunks.push(chunk);
      }
      const message = verifyWebhook(Buffer.concat(chunks), request.headers, secrets);
      // At once: what takes longer than the sender waits is sent again.
      response.writeHead(204).end();
      if (isNews(message)) work = work.then(() => handle(message)).catch(console.error);
    } catch (error) {
      if (error instanceof WebhookVerificationError) response.writeHead(400).end(error.code);
      else response.writeHead(500).end();
    }
  });
};
