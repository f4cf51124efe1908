import { Socket } from 'node:net';
import pg from 'pg';
import { faultCode, isConnectionLost } from './faults.ts';
import type { PrimaryLocator, Standing } from './primary-locator.ts';

const IN_RECOVERY = '25006';

const givenUp = () => Object.assign(new Error('given up before it led to the primary'), { code: '08006' });

/** Ends a connection at once, without a word to the server. */
export const cut = (client: pg.ClientBase): void => void (client as pg.Client).connection.stream.destroy();

/** What a connection that follows is connected by, and to. */
const followed = new WeakMap<object, { locator: PrimaryLocator; url: string }>();

/** Notes that a connection's server turned out not to be the primary. */
export const doubtServerOf = (client: object): void => {
  const { locator, url } = followed.get(client) ?? {};
  locator?.doubt(url);
};

/** Whether the server of a connection is the primary for certain: where there is no other host, it is. */
export const standingOfServer = (client: object): Promise<Standing> => {
  const { locator, url } = followed.get(client) ?? {};
  return locator && url !== undefined ? locator.standingOf(url) : Promise.resolve('primary');
};

/** Finds the primary for one connection, and calls back if it moves from there, however early: until `stop` is called. */
const follow = (locator: PrimaryLocator, onOther: () => void) => {
  let url: string | null = null;
  let latest: string | null = null;
  const stop = locator.onMoved((now) => {
    latest = now;
    if (url !== null && url !== now) onOther();
  });
  const locate = async (): Promise<string> => {
    const located = await locator.locate();
    url = latest ?? located;
    return url;
  };
  return { locate, stop };
};

/** Clients that connect to whichever host is the primary, and are cut once another one is. */
export const followingClient = (locator: PrimaryLocator): typeof pg.Client =>
  class extends pg.Client {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error | null) => void): void;
    override connect(callback?: (error: Error | null) => void): Promise<pg.Client> | undefined {
      const connected = this.#connect();
      if (!callback) return connected;
      connected.then(
        () => callback(null),
        (error: Error) => callback(error),
      );
      return undefined;
    }

    async #connect(): Promise<pg.Client> {
      const { locate, stop } = follow(locator, () => cut(this));
      try {
        await this.#connectTo(await locate());
      } catch (error) {
        stop();
        throw error;
      }
      this.once('end', stop);
      return this;
    }

    async #connectTo(url: string): Promise<void> {
      const { _ending: isEnding } = this as unknown as { _ending: boolean };
      if (isEnding || this.connection.stream.destroyed) throw givenUp();
      const { host, port } = new pg.Client(url);
      Object.assign(this, { host, port });
      followed.set(this, { locator, url });
      const doubt = () => locator.doubt(url);
      this.connection.on('errorMessage', ({ code }: { code?: string }) => code === IN_RECOVERY && doubt());
      try {
        await super.connect();
      } catch (error) {
        const code = faultCode(error);
        if (code === null || isConnectionLost(code)) doubt();
        throw error;
      }
      // Cut when it was just made.
      if (this.connection.stream.destroyed) throw givenUp();
    }
  };

/** Sockets that do the same for who makes clients of its own. The name that TLS checks stays that of the first host. */
export const followingSocket = (locator: PrimaryLocator): Socket => {
  const socket = new Socket();
  const connect = socket.connect.bind(socket) as (port: number, host: string) => Socket;
  const connectToLocated = async (): Promise<void> => {
    const { locate, stop } = follow(locator, () => void socket.destroy());
    socket.once('close', stop);
    const { host, port } = new pg.Client(await locate());
    if (!socket.destroyed) connect(port, host);
  };
  const connectToPrimary = (): Socket => {
    connectToLocated().catch((error: Error) => socket.destroy(error));
    return socket;
  };
  return Object.assign(socket, { connect: connectToPrimary });
};
