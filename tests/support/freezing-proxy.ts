import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FreezingProxy {
  /** The database's URL through the proxy. */
  url: string;
  /** From now on nothing passes and nothing is closed, also of new connections: the server hangs. */
  freeze(): void;
  /** From now on new connections hang, while those that are open go on. */
  freezeNew(): void;
  /** New connections that hang or hung. */
  readonly frozen: number;
}

/** Stands between a client and a database until the test ends. */
export const startFreezingProxy = async (databaseUrl: string): Promise<FreezingProxy> => {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let frozenNew = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
    if (frozen) frozenNew += 1;
    else near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the proxy does not listen');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    get frozen() {
      return frozenNew;
    },
    freezeNew() {
      frozen = true;
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
};
