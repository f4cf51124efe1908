import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** Where the first answer in `received` ends; -1 while it is not whole. */
const endOfAnswer = (received: Buffer): number => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return -1;
  const head = received.toString('latin1', 0, headEnd);
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) {
    const last = received.indexOf(LAST_CHUNK, headEnd);
    return last < 0 ? -1 : last + LAST_CHUNK.length;
  }
  const end = headEnd + HEAD_END.length + Number(length);
  return received.length < end ? -1 : end;
};

const keepAsking = (socket: Socket, request: Buffer, isOver: () => boolean, count: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let received: Buffer | null = null;
    socket.on('error', reject).on('data', (chunk: Buffer) => {
      const all: Buffer = received ? Buffer.concat([received, chunk]) : chunk;
      try {
        received = endOfAnswer(all) < 0 ? all : null;
      } catch (error) {
        return reject(error);
      }
      if (received) return;
      count();
      if (isOver()) resolve();
      else socket.write(request);
    });
    socket.write(request);
  });

/**
 * Sends the same request over kept connections, one at a time on each, for `ms`; answers how many were
 * answered. Takes a few microseconds a request, so that the server is what is measured. Rejects on any answer but 200.
 */
export const keepAliveLoad = async (url: URL, connections: number, ms: number, headers = ''): Promise<number> => {
  const target = `${url.pathname}${url.search}`;
  const request = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${url.host}\r\n${headers}\r\n`);
  const sockets = Array.from({ length: connections }, () => connect(Number(url.port), url.hostname).setNoDelay());
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const startedAt = performance.now();
  let done = 0;
  const isOver = () => performance.now() - startedAt >= ms;
  const count = () => {
    done += 1;
  };
  await Promise.all(sockets.map((socket) => keepAsking(socket, request, isOver, count)));
  for (const socket of sockets) socket.destroy();
  return done;
};
