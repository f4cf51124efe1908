import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect } from 'node:tls';
import { outputOf } from '../execute.ts';
import { startEdge } from './start.ts';
import { until } from './until.ts';

const HOST = 'booking.example.com';

/** A certificate of one's own for that name, as new as it says. */
const makeCertificate = async (folder: string, name: string, madeAt: Date): Promise<void> => {
  const [key, certificate] = [join(folder, 'tls/tls.key'), join(folder, 'tls/tls.crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await outputOf('openssl', [
    'req',
    '-x509',
    ...kind,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  await Promise.all([key, certificate].map((file) => utimes(file, madeAt, madeAt)));
};

const shownName = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: HOST, rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(new X509Certificate(raw).subject);
    });
    socket.on('error', reject);
  });

describe('TLS', () => {
  test('HTTP is sent to HTTPS, which takes HTTP/2 and a renewed certificate without a restart', async () => {
    await using edge = await startEdge({
      servers: 1,
      values: { ingress: { host: HOST, tls: { secretName: 'certificate' } } },
      change: (text) => text.replace('valid=10s', 'valid=1s'),
      prepare: (folder) => makeCertificate(folder, 'first', new Date('2026-01-01')),
    });
    const moved = await edge.ask('/trpc/clock.now?input=1', { headers: { host: HOST } });
    assert.equal(moved.status, 308);
    assert.equal(moved.headers.location, `https://${HOST}/trpc/clock.now?input=1`);

    const session = connectHttp2(`https://127.0.0.1:${edge.httpsPort}`, { rejectUnauthorized: false });
    const stream = session.request({ ':path': '/trpc/clock.now' });
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    session.destroy();
    assert.equal(status, 200);
    assert.equal(edge.received()[0]?.headers['x-forwarded-proto'], 'https');

    assert.equal(await shownName(edge.httpsPort), 'CN=first');
    await makeCertificate(edge.folder, 'second', new Date('2026-02-01'));
    const shown = () => shownName(edge.httpsPort).catch(() => 'a key that does not fit yet');
    await until('the renewed one is shown', async () => (await shown()) === 'CN=second');
  });
});
