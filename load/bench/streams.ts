import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOwnServer } from '../../src/cli/replay/own-server.ts';
import { residentBytes } from './resident.ts';
import { atMost, type Row } from './row.ts';

// npm run bench -- streams [COUNT] [SECONDS]: opens idle subscriptions (5 000) to a server of its own, keeps them for some
// heartbeats (35 s) and tells how much its resident memory grew. Needs `ulimit -n` above COUNT in the shell.

const count = Number(process.argv[2] ?? 5_000);
const seconds = Number(process.argv[3] ?? 35);
const AT_A_TIME = 20;

const openStream = async (url: URL, apiKey: string): Promise<Socket> => {
  const socket = connect(Number(url.port), url.hostname);
  const input = encodeURIComponent('{}');
  socket.write(
    `GET /trpc/bookings.changes?input=${input} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/event-stream\r\n` +
      `Authorization: Bearer ${apiKey}\r\n\r\n`,
  );
  for (let answer = ''; !answer.includes('\nid: '); ) {
    const [chunk] = await once(socket, 'data');
    answer += chunk;
    if (answer.includes('serialized-error')) throw new Error(answer);
  }
  return socket.resume();
};

export const run = async (): Promise<Row[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-streams-'));
  const server = await startOwnServer(dataDir, '2026-03-02T12:00:00.000Z');
  const open = new Set<Socket>();
  try {
    const { pid = 0, apiKey } = server;
    const url = new URL(server.url);
    const warm = await Promise.all(Array.from({ length: 100 }, () => openStream(url, apiKey)));
    for (const socket of warm) socket.destroy();
    await delay(2_000);
    const before = residentBytes(pid);
    const startedAt = performance.now();
    let left = count;
    await Promise.all(
      Array.from({ length: AT_A_TIME }, async () => {
        while (left-- > 0) {
          const socket = await openStream(url, apiKey);
          open.add(socket);
          socket.once('close', () => open.delete(socket));
        }
      }),
    );
    const openedMs = performance.now() - startedAt;
    const once = residentBytes(pid) - before;
    await delay(seconds * 1_000);
    const grown = residentBytes(pid) - before;
    const all = open.size;
    if (all < count) throw new Error(`${all} of ${count} streams are open`);
    console.log(
      `opened in ${(openedMs / 1_000).toFixed(1)} s; ${(before / 1e6).toFixed(0)} MB before, +${(once / 1e6).toFixed(0)} MB at once`,
    );
    const measured = `${(grown / 1e6).toFixed(0)} MB, ${(grown / 1e3 / count).toFixed(1)} kB each, after ${seconds} s`;
    return [atMost(300e6, `${count} idle subscriptions`, grown, measured, '<= 300 MB')];
  } finally {
    for (const socket of open) socket.destroy();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
};
