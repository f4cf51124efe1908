import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addDays } from '../../src/kernel/dates.ts';
import { clientOf } from '../support/client.ts';
import { createHotel } from '../support/hotel.ts';
import type { Cluster } from './cluster.ts';
import { FULLNAME } from './release.ts';

export interface Hotel {
  apiKey: string;
  roomTypeId: string;
  ratePlanId: string;
  propertyId: string;
  /** First night on sale. */
  from: string;
}

const CLI = ['/usr/local/bin/node', '/app/src/cli/innkeeper.js'];
const KEY = /ik_\w+\S*/;
const ROOMS = 2_000;

/** The time zone's day does not matter: a week from now is on sale everywhere. */
const nextWeek = (): string => addDays(new Date().toISOString().slice(0, 10), 7);

/** Leads a port of this machine to the Service while `work` runs. */
export const throughService = async <T>(
  cluster: Cluster,
  service: string,
  work: (url: string) => Promise<T>,
): Promise<T> => {
  const args = ['--namespace', cluster.namespace, 'port-forward', `service/${service}`, ':80'];
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`kubectl port-forward to ${service} ended.`)));
  try {
    const [first] = await Promise.race([once(child.stdout, 'data'), ended]);
    const port = /127\.0\.0\.1:(\d+)/.exec(String(first))?.[1];
    if (!port) throw new Error(`kubectl port-forward said: ${String(first)}`);
    return await Promise.race([work(`http://127.0.0.1:${port}`), ended]);
  } finally {
    ended.catch(() => {});
    child.kill();
  }
};

/** Makes a tenant with the command in a pod, and a hotel with many rooms through nginx. */
export const openHotel = async (cluster: Cluster, slug: string): Promise<Hotel> => {
  const made = await cluster.kubectl([
    'exec',
    `deployment/${FULLNAME}-web`,
    '--',
    ...CLI,
    'keys',
    'tenant',
    'create',
    slug,
    'Cluster test',
  ]);
  const apiKey = KEY.exec(made)?.[0];
  if (!apiKey) throw new Error(`The command printed no key: ${made}`);
  const from = nextWeek();
  const hotel = await throughService(cluster, `${FULLNAME}-edge`, (url) =>
    createHotel(clientOf(url, apiKey), { physicalRooms: ROOMS, from }),
  );
  return { ...hotel, apiKey, from };
};

/** Reads that ask the database: what is left of the hotel's rooms in one month and the next. */
export const readsOf = ({ roomTypeId, from }: Hotel) =>
  Array.from({ length: 12 }, (_, month) => ({
    procedure: 'inventory.get',
    input: { roomTypeId, from: addDays(from, month * 14), until: addDays(from, month * 14 + 14) },
  }));
