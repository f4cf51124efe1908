import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OwnServer, startOwnServer } from '../../src/cli/replay/own-server.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { type Client, clientOf } from '../../tests/support/client.ts';
import { createHotel, type Hotel } from '../../tests/support/hotel.ts';

export interface OwnHotel {
  dataDir: string;
  server: OwnServer;
  client: Client;
  hotel: Hotel;
  today: string;
  /** The local date that many days from today. */
  inDays(days: number): string;
}

/** A server on a database of its own with a hotel that sells from today on for a year; `opened` stops and deletes both. */
export const openOwnHotel = async (
  opened: AsyncDisposableStack,
  physicalRooms: number,
  settings: Record<string, string> = {},
): Promise<OwnHotel> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'innkeeper-bench-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startOwnServer(dataDir, undefined, settings);
  opened.defer(server.stop);
  const client = clientOf(server.url, server.apiKey);
  const today = new Date().toISOString().slice(0, 10);
  const hotel = await createHotel(client, { physicalRooms, from: today });
  return { dataDir, server, client, hotel, today, inDays: (days) => addDays(today, days) };
};
