import type { IncomingMessage } from 'node:http';
import { TRPCError } from '@trpc/server';

const utf8 = new TextDecoder();

/**
 * The whole body as text, without a byte order mark. Rejects with PAYLOAD_TOO_LARGE beyond `maxBytes`, and lets the rest
 * pass unread; never settles when the client leaves before its end.
 */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.off('data', take).off('end', finish).resume();
        reject(new TRPCError({ code: 'PAYLOAD_TOO_LARGE' }));
      } else chunks.push(chunk);
    };
    const finish = () => {
      const [first] = chunks;
      resolve(utf8.decode(chunks.length === 1 ? first : Buffer.concat(chunks)));
    };
    request.on('data', take).on('end', finish);
  });
