import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { guardedConnector } from '../../../src/platform/outbound/guarded-connector.ts';

const neverAsked = () => Promise.reject(new Error('a literal is not resolved'));

test('a connection to an IP literal is checked too, though sockets ask no lookup about it', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server does not listen');

  const dial = (allowPrivate: boolean) =>
    new Promise<unknown>((resolve) => {
      const target = { hostname: '127.0.0.1', protocol: 'http:', port: String(address.port) };
      guardedConnector(
        neverAsked,
        allowPrivate,
        5_000,
      )(target, (error, socket) => {
        socket?.destroy();
        resolve(error ?? 'connected');
      });
    });
  expect(await dial(false)).toMatchObject({ fault: 'ADDRESS_NOT_ALLOWED' });
  expect(await dial(true)).toBe('connected');
});
