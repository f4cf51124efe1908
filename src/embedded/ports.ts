import { createServer } from 'node:net';

/** The preferred port when it is free on loopback, else one that the system picks. */
export async function freePort(preferred: number): Promise<number> {
  if (preferred > 0) {
    const port = await tryListen(preferred).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return tryListen(0);
}

function tryListen(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('No free port on 127.0.0.1.'));
      });
    });
  });
}
