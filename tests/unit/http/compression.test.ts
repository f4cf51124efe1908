import { get, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { COMPRESS_FROM_BYTES, compressAnswer } from '../../../src/transport/http/compression.ts';
import { preferredCoding } from '../../../src/transport/http/content-coding.ts';
import { listen } from '../../../src/transport/http/server.ts';

const LONG = JSON.stringify({ text: 'Gänsefüßchen '.repeat(COMPRESS_FROM_BYTES / 10) });

interface Received {
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

/** What a reader of `acceptEncoding` receives from an app that answers behind the compression. */
const received = async (answer: (response: ServerResponse) => void, acceptEncoding?: string): Promise<Received> => {
  const app: RequestListener = (request, response) => {
    compressAnswer(request, response);
    answer(response);
  };
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close(0));
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  return new Promise((resolve, reject) => {
    get(server.url, { headers, agent: false }, async (message) =>
      resolve({ headers: message.headers, bytes: await buffer(message) }),
    ).on('error', reject);
  });
};

const json = (body: string | Buffer) => (response: ServerResponse) => {
  response.setHeader('Content-Type', 'application/json; charset=utf-8').setHeader('Vary', 'Accept').end(body);
};

test.each([
  ['br', 'gzip, deflate, br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
])('a long answer comes in %s to whoever reads %s', async (coding, acceptEncoding, decompress) => {
  const { headers, bytes } = await received(json(LONG), acceptEncoding);
  expect(headers).toMatchObject({ 'content-encoding': coding, vary: 'Accept, Accept-Encoding' });
  expect(headers['content-length']).toBe(String(bytes.length));
  expect(bytes.length).toBeLessThan(LONG.length / 2);
  expect(decompress(bytes).toString()).toBe(LONG);
});

test('a length that was given for the whole is replaced', async () => {
  const body = Buffer.from(LONG);
  const { headers, bytes } = await received((response) => {
    response.setHeader('Content-Length', body.length);
    json(body)(response);
  }, 'br');
  expect(headers['content-length']).toBe(String(bytes.length));
  expect(brotliDecompressSync(bytes).toString()).toBe(LONG);
});

test('who ends an answer hears that it was sent', async () => {
  const sent = Promise.withResolvers<void>();
  await received((response) => response.setHeader('Content-Type', 'text/html').end(LONG, () => sent.resolve()), 'br');
  await sent.promise;
});

test.each<[string, (response: ServerResponse) => void, string | undefined, string | undefined]>([
  ['to a reader of none', json(LONG), undefined, 'Accept, Accept-Encoding'],
  ['to a reader of others', json(LONG), 'deflate, zstd', 'Accept, Accept-Encoding'],
  ['when it is short', json('x'.repeat(COMPRESS_FROM_BYTES - 1)), 'br', 'Accept'],
  ['when it is no text', (response) => response.setHeader('Content-Type', 'image/png').end(LONG), 'br', undefined],
  ['of no type', (response) => response.end(LONG), 'br', undefined],
  [
    'when it must not be transformed',
    (response) => json(LONG)(response.setHeader('Cache-Control', 'no-cache, no-transform')),
    'br',
    'Accept',
  ],
  [
    'when it is written in parts',
    (response) => {
      response.setHeader('Content-Type', 'text/event-stream').write(LONG.slice(0, 9));
      response.end(LONG.slice(9));
    },
    'br',
    undefined,
  ],
])('an answer comes as it is %s', async (_when, answer, acceptEncoding, vary) => {
  const { headers, bytes } = await received(answer, acceptEncoding);
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, vary]);
  expect(bytes.toString()).toMatch(/^(\{"text"|x{999})/);
});

test('what is encoded already is left alone', async () => {
  const { bytes } = await received((response) => json(LONG)(response.setHeader('Content-Encoding', 'zstd')), 'br');
  expect(bytes.toString()).toBe(LONG);
});

test.each([
  ['br;q=0.5, gzip', 'gzip'],
  ['gzip;q=0.5, br;q=0.5', 'br'],
  ['GZIP', 'gzip'],
  ['*', 'br'],
  ['*;q=0, gzip;q=0.1', 'gzip'],
  ['br;q=0', null],
  ['identity, br;q=0.9', null],
  ['identity;q=0.5, gzip;q=0.6', 'gzip'],
  ['br; q=1.0 ; x=y', 'br'],
  ['br;q=high', 'br'],
  ['', null],
  [undefined, null],
])('Accept-Encoding %j asks for %s', (acceptEncoding, coding) => {
  expect(preferredCoding(acceptEncoding)).toBe(coding);
});
