import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands for a web pod. */
export interface FakeServer {
  readonly address: string;
  readonly received: Received[];
  /** How many connections were made to it. */
  readonly connections: number;
  /** Given once a request is read whole. */
  answer: Answer;
  close(): void;
}

export const plain: Answer = (_request, response) => {
  response.end('ok');
};

export const withStatus =
  (status: number): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'Retry-After': '1' }).end('{}');
  };

export const delayed =
  (ms: number): Answer =>
  (_request, response) => {
    setTimeout(() => response.end('ok'), ms);
  };

/** Takes the request, and answers nothing. */
export const cut: Answer = (request) => {
  request.socket.destroy();
};

/** Listens on one of the loopback addresses, as pods have an address each and all the same port. */
export const startFakeServer = async (address: string, port: number): Promise<FakeServer> => {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 70_000 }, (request, response) => {
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers });
    request.resume().on('end', () => fake.answer(request, response));
  });
  const fake: FakeServer = {
    address,
    received,
    get connections() {
      return connections;
    },
    answer: plain,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(port, address);
  await once(server, 'listening');
  return fake;
};
