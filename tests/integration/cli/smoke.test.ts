import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { databaseSettings, readyUrl, runCli, startCli } from '../../support/cli-process.ts';
import { asSuperuser } from '../../support/superuser.ts';

vi.setConfig({ testTimeout: 60_000 });

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ instant: new Date().toISOString() });
});
afterAll(() => app.close());

const smoke = (...args: string[]) => runCli(['smoke', ...args], databaseSettings(app.database));

interface Answer {
  status: number;
  body: string;
}

/** Passes everything on to the server, and its answers as `change` makes them. */
const serverThat = async (change: (path: string, answer: Answer) => Answer): Promise<string> => {
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = 'GET', url = '/', headers } = request;
      const { authorization = '', 'content-type': type = 'application/json' } = headers;
      const answer = await fetch(`${app.url}${url}`, {
        method,
        headers: { authorization, 'content-type': type },
        ...(chunks.length && { body: Buffer.concat(chunks) }),
      });
      const { status, body } = change(url, { status: answer.status, body: await answer.text() });
      response.writeHead(status, { 'Content-Type': answer.headers.get('content-type') ?? '' }).end(body);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void proxy.close());
  await new Promise((resolve) => proxy.once('listening', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};

const leftBehind = async () => ({
  goodKeys: await asSuperuser(
    app.database,
    "select name from api_key where name = 'innkeeper smoke' and revoked_at is null",
  ),
  openBookings: await asSuperuser(app.database, "select code from booking where state <> 'cancelled'"),
});

test('it searches, books and cancels as often as one likes, in one tenant, and leaves no key and no booking open', async () => {
  const url = await readyUrl(startCli(['serve'], databaseSettings(app.database)));
  for (const _run of [1, 2]) {
    const { status, stdout, stderr } = await smoke('--url', url);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /is ready\.\nFound a room .*\nBooked it as .*\nCancelled it, and found the room free again\.\n/,
    );
  }
  expect(await asSuperuser(app.database, "select slug from tenant where slug like 'smoke%'")).toHaveLength(1);
  expect(await asSuperuser(app.database, 'select id from property')).toHaveLength(1);
  expect(await asSuperuser(app.database, 'select id from booking')).toHaveLength(2);
  expect(await leftBehind()).toEqual({ goodKeys: [], openBookings: [] });
});

const FAULTS: { fault: string; change: (path: string, answer: Answer) => Answer; says: RegExp }[] = [
  {
    fault: 'a fault while searching',
    change: (path, answer) => (path.includes('availability.search') ? { status: 502, body: '<html>' } : answer),
    says: /^Searching failed: .*status 502/,
  },
  {
    fault: 'a booking that costs something else',
    change: (path, { status, body }) =>
      path.includes('bookings.create')
        ? { status, body: body.replaceAll('"total":12300', '"total":12301') }
        : { status, body },
    says: /^A wrong answer: the booking cost 12301, and the night 12300\./,
  },
  {
    fault: 'a cancellation that changes nothing',
    change: (path, { status, body }) =>
      path.includes('bookings.get')
        ? { status, body: body.replaceAll('"state":"cancelled"', '"state":"confirmed"') }
        : { status, body },
    says: /^A wrong answer: the booking is confirmed, not cancelled\./,
  },
];

test.for(FAULTS)('$fault ends it with status 1, named, and with nothing left open', async ({ change, says }) => {
  const { status, stderr } = await smoke('--url', await serverThat(change));
  expect(stderr).toMatch(says);
  expect(status).toBe(1);
  expect(await leftBehind()).toEqual({ goodKeys: [], openBookings: [] });
});

test('a server that does not become ready in time ends it with status 1 and the reason', async () => {
  const starting = await serverThat(() => ({ status: 503, body: '{"reasons":["starting"]}' }));
  const { status, stderr } = await smoke('--url', starting, '--timeout', '1');
  expect(stderr).toMatch(/readyz has not answered 200 within 1 s: 503 .*starting/);
  expect(status).toBe(1);
});
