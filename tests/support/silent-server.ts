import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** The address of something that takes connections and never says a word, as a database behind a broken network. */
export const startSilentServer = async (): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');
  return `postgres://innkeeper_app:x@127.0.0.1:${address.port}/innkeeper`;
};
