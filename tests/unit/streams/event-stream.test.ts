import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Response } from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { type EventStream, openEventStream } from '../../../src/transport/streams/event-stream.ts';

/** Both ends of a stream: the server's, and the socket that reads it, or does not. */
const openPair = async () => {
  const opened = Promise.withResolvers<EventStream>();
  const server = createServer((_request, response) => opened.resolve(openEventStream(response as Response)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    reader.destroy();
    server.close();
  });
  reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  reader.on('data', (part: Buffer) => {
    text += part.toString();
  });
  return { stream: await opened.promise, reader, text: () => text };
};

/** Sends until there is no room; answers what waits for it. */
const fill = async (stream: EventStream): Promise<{ room: Promise<void> }> => {
  for (;;) {
    const room = stream.send(`data: ${'x'.repeat(1_000_000)}\n\n`);
    if (!room) continue;
    const waited = await Promise.race([room.then(() => 'drained'), new Promise((go) => setImmediate(go, 'full'))]);
    if (waited === 'full') return { room };
  }
};

it('a heartbeat reaches a reader that reads', async () => {
  const { stream, text } = await openPair();
  stream.tick();
  await expect.poll(text).toContain('event: ping\ndata: \n\n');
  expect(text()).toContain('text/event-stream');
  expect(stream.unreadTicks).toBe(0);
});

it('heartbeats that a reader lets pass unread are counted and not sent; it starts anew when it reads on', async () => {
  const { stream, reader } = await openPair();
  reader.pause();
  const { room } = await fill(stream);
  stream.tick();
  stream.tick();
  expect(stream.unreadTicks).toBe(2);
  reader.resume();
  await room;
  stream.tick();
  expect(stream.unreadTicks).toBe(0);
});

it('who waits for room hears of it when the reader hangs up', async () => {
  const { stream, reader } = await openPair();
  reader.pause();
  const { room } = await fill(stream);
  reader.destroy();
  await room;
  expect(stream.open).toBe(false);
  expect(stream.send('data: 1\n\n')).toBeUndefined();
});

it('an end that closes ends the connection too', async () => {
  const { stream, reader, text } = await openPair();
  stream.end('event: return\ndata: \n\n', { close: true });
  stream.end('event: twice\ndata: \n\n');
  await once(reader, 'end');
  expect(text()).toContain('event: return');
  expect(text()).not.toContain('twice');
});
