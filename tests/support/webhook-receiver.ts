import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Message {
  id: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** Of the answer it got. */
  status: number;
}

export interface WebhookReceiver {
  url: string;
  /** What came, in order, also what was answered with an error. */
  messages: Message[];
  close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1; `answer` says with which status, after a look at how often that message has come. */
export const startWebhookReceiver = async (
  answer: (message: { id: string; text: string; times: number }) => number | Promise<number> = () => 204,
  port = 0,
): Promise<WebhookReceiver> => {
  const messages: Message[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const id = String(request.headers['webhook-id']);
    const times = messages.filter((message) => message.id === id).length + 1;
    const status = await answer({ id, text, times });
    messages.push({ id, headers: request.headers, text, status });
    response.writeHead(status).end(status === 204 ? undefined : `status ${status}`);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
