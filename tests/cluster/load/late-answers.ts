import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// Runs in a pod between the product and PostgreSQL: what a server answers arrives later, in its order.
// GET /later?ms=20 on port 8080 says how much.

interface Route {
  port: number;
  host: string;
}

const routes: Route[] = JSON.parse(process.env.ROUTES ?? '');
let laterMs = Number(process.env.LATER_MS ?? 0);

const lead = (client: Socket, host: string): void => {
  const server = connect({ port: 5432, host, noDelay: true });
  let last = Promise.resolve();
  const inOrder = (step: () => void) => {
    const due = performance.now() + laterMs;
    last = last.then(async () => {
      const left = due - performance.now();
      if (left > 0) await delay(left);
      step();
    });
  };
  client.pipe(server);
  server.on('data', (chunk) => inOrder(() => client.write(chunk)));
  server.on('end', () => inOrder(() => client.end()));
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const)
    one.on('error', () => other.destroy());
};

for (const { port, host } of routes) createTcpServer({ noDelay: true }, (client) => lead(client, host)).listen(port);

createServer((request, response) => {
  const asked = new URL(request.url ?? '/', 'http://here').searchParams.get('ms');
  if (asked !== null) laterMs = Number(asked);
  response.end(String(laterMs));
}).listen(8080);
