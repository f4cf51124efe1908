import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** True when all of an answer is there. Throws on a status other than 200. */
const isWhole = (received: Buffer): boolean => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const head = received.toString('latin1', 0, headEnd);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  const bodyStart = headEnd + HEAD_END.length;
  const whole =
    length === undefined
      ? received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
      : received.length >= bodyStart + Number(length);
  if (whole && !head.startsWith('HTTP/1.1 200')) throw new Error(received.toString());
  return whole;
};

const post = (socket: Socket, request: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    let received: Buffer | null = null;
    const onData = (chunk: Buffer) => {
      const all: Buffer = received ? Buffer.concat([received, chunk]) : chunk;
      received = all;
      try {
        if (!isWhole(all)) return;
      } catch (error) {
        reject(error);
        return;
      }
      socket.off('data', onData).off('error', reject);
      resolve();
    };
    socket.on('data', onData).on('error', reject).write(request);
  });

/**
 * Kept connections that post JSON, one call at a time on each. A call takes a few microseconds of this process, so that
 * the server is what is measured; it rejects on any answer but 200.
 */
export const openPosts = async (url: URL, bearer: string, connections: number) => {
  const sockets = Array.from({ length: connections }, () => connect(Number(url.port), url.hostname).setNoDelay());
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const idle = [...sockets];
  return {
    async call(body: unknown): Promise<void> {
      const socket = idle.pop();
      if (!socket) throw new Error('more calls than connections');
      const text = Buffer.from(JSON.stringify(body));
      const head = `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`;
      const rest = `Authorization: Bearer ${bearer}\r\nContent-Length: ${text.length}\r\n\r\n`;
      await post(socket, Buffer.concat([Buffer.from(head + rest), text]));
      idle.push(socket);
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
};
