import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  /** The target's URL by way of the proxy. */
  url: string;
  /** How many connections were cut so far. */
  readonly cuts: number;
  /** The next `times` messages that contain `text` are lost with their connections, before the target has seen them. */
  loseMessage(text: string, times?: number): void;
  /** The next `times` messages that contain `text` arrive; their answers are lost with their connections. */
  loseAnswer(text: string, times?: number): void;
  /** Cuts all connections now. */
  cutAll(): void;
  /** The next cut is of all connections, and nobody gets through until `heal`. */
  stayDown(): void;
  heal(): void;
  close(): Promise<void>;
}

type Loss = 'message' | 'answer';

/** Stands before a server and breaks connections at chosen moments. */
export const createTcpProxy = async (targetUrl: string): Promise<TcpProxy> => {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const planned: { loss: Loss; text: string; times: number }[] = [];
  let cuts = 0;
  let down = false;
  let downFromCut = false;

  const lossOf = (chunk: Buffer): Loss | null => {
    const plan = planned.find(({ text, times }) => times > 0 && chunk.includes(text));
    if (!plan) return null;
    plan.times -= 1;
    return plan.loss;
  };

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const both = [client, upstream];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    const cut = () => {
      cuts += 1;
      end();
      if (!downFromCut) return;
      down = true;
      for (const socket of sockets) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket.on('error', end).on('close', end));
      socket.on('close', () => sockets.delete(socket));
    }
    if (down) return end();
    let losing = false;
    client.on('data', (chunk: Buffer) => {
      const loss = lossOf(chunk);
      if (loss === 'message') return cut();
      losing ||= loss === 'answer';
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (losing ? cut() : client.write(chunk)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href.replace(/\/$/, ''),
    get cuts() {
      return cuts;
    },
    loseMessage: (text, times = 1) => void planned.push({ loss: 'message', text, times }),
    loseAnswer: (text, times = 1) => void planned.push({ loss: 'answer', text, times }),
    cutAll() {
      cuts += 1;
      for (const socket of sockets) socket.destroy();
    },
    stayDown() {
      downFromCut = true;
    },
    heal() {
      down = downFromCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
};
