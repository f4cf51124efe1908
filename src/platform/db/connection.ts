import type { Socket } from 'node:net';
import pg from 'pg';
import { hostUrls } from '../../kernel/host-list.ts';
import { faultCode } from './faults.ts';
import { cut, followingClient, followingSocket } from './following-client.ts';
import { createPrimaryLocator, type HostState, type PrimaryLocator } from './primary-locator.ts';
import { TIMELINE } from './timeline.ts';

/** How pg, or a library on top of it, connects. */
export interface Connection {
  connectionString: string;
  Client?: typeof pg.Client;
  stream?: () => Socket;
}

const ANSWER_WITHIN_MS = 1_000;

const STATE = `select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as leads,
  ${TIMELINE} as timeline`;

const noAnswer = (cause: unknown) =>
  Object.assign(new Error('a host that does not answer', { cause }), { code: '08006' });

const askHost = async (connectionString: string): Promise<HostState> => {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    application_name: 'innkeeper-locator',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<HostState>(STATE);
    if (!rows[0]) throw new Error('a host that does not know itself');
    return rows[0];
  } catch (error) {
    throw faultCode(error) === null ? noAnswer(error) : error;
  } finally {
    client.end().catch(() => {});
    setTimeout(() => cut(client), ANSWER_WITHIN_MS).unref();
  }
};

/** One for each URL with several hosts, for all that connect to it. */
const located = new Map<string, { locator: PrimaryLocator; Client: typeof pg.Client }>();

const locatedBy = (url: string) => {
  const hosts = hostUrls(url);
  if (hosts.length < 2) return null;
  const known = located.get(url);
  if (known) return known;
  const locator = createPrimaryLocator({ hosts, ask: askHost, nowMs: () => performance.now() });
  const made = { locator, Client: followingClient(locator) };
  located.set(url, made);
  return made;
};

/** Who knows which host of the URL is the primary; null for a URL with one host. */
export const locatorOf = (url: string): PrimaryLocator | null => locatedBy(url)?.locator ?? null;

/** How a pool connects to a URL: with several hosts, to the primary among them. */
export const connectionTo = (url: string): Connection => {
  const [connectionString = url] = hostUrls(url);
  const Client = locatedBy(url)?.Client;
  return { connectionString, ...(Client && { Client }) };
};

/** The same for a library that also makes clients of its own. */
export const connectionForLibraries = (url: string): Connection => {
  const locator = locatorOf(url);
  return { ...connectionTo(url), ...(locator && { stream: () => followingSocket(locator) }) };
};

/** A client of its own, not yet connected. */
export const newClient = (url: string, config: pg.ClientConfig): pg.Client => {
  const { Client: _, ...connection } = connectionTo(url);
  return new (locatedBy(url)?.Client ?? pg.Client)({ ...connection, ...config });
};
