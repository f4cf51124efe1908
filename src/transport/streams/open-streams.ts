import { AppError } from '../../kernel/app-error.ts';
import type { Principal } from '../../kernel/principal.ts';
import { isFault, toAppError } from '../errors/translate.ts';

/** An open subscription, as far as it has to be looked after. */
export interface OpenStream {
  readonly authorization: string | undefined;
  readonly principal: Principal;
  readonly permission: string | null;
  /** Sends a heartbeat; cuts the stream when its reader has not read for long. */
  tick(): void;
  /** Tells the error and ends; with `close`, the connection too. */
  end(error: AppError, options?: { close: boolean }): void;
  cut(): void;
}

export interface OpenStreamsOptions {
  identify: (authorization: string | undefined) => Promise<{ principal: Principal | null; refusal?: unknown }>;
  pingMs: number;
  accessCheckMs: number;
}

export interface OpenStreams {
  /** Throws AppError SERVER_STOPPING once `stop` was called. Answers how to take it out again. */
  add(stream: OpenStream): () => void;
  /** Throws like `add`. */
  assertOpen(): void;
  /** Ends all streams with SERVER_STOPPING, and cuts those that can't be told. */
  stop(): void;
}

/** How long a reader that is behind may take to hear that the server stops. */
const FAREWELL_MS = 500;

const stopping = () =>
  new AppError('unavailable', 'SERVER_STOPPING', 'This server stops. Subscribe again from your last id.', {
    retryable: true,
  });
const changed = () =>
  new AppError('unavailable', 'ACCESS_CHANGED', 'What you may see has changed. Subscribe again from your last id.', {
    retryable: true,
  });
const forbidden = (permission: string | null) =>
  new AppError('forbidden', 'FORBIDDEN', `This needs the permission ${permission}.`, { details: { permission } });

const mayStillSee = ({ principal: then, permission }: OpenStream, now: Principal): AppError | null => {
  if (!(now.permissions as ReadonlySet<string>).has(permission ?? '')) return forbidden(permission);
  const same = now.id === then.id && now.tenant === then.tenant && now.ownBookingsOnly === then.ownBookingsOnly;
  return same ? null : changed();
};

/** All open subscriptions of the process: their heartbeats, their access, their end. One timer each for all of them. */
export const createOpenStreams = ({ identify, pingMs, accessCheckMs }: OpenStreamsOptions): OpenStreams => {
  const streams = new Set<OpenStream>();
  let timers: NodeJS.Timeout[] = [];
  let checking = false;
  let stopped = false;

  /** Each caller once, one after the other, however many streams are open. */
  const checkAccess = async (): Promise<void> => {
    if (checking) return;
    checking = true;
    const byCaller = Map.groupBy(streams, ({ authorization }) => authorization);
    for (const [authorization, theirs] of byCaller) {
      const { principal, refusal } = await identify(authorization);
      const refused = toAppError(refusal);
      // While nobody can say, whoever was let in stays.
      if (!principal && isFault(refused)) continue;
      for (const stream of theirs) {
        const error = principal ? mayStillSee(stream, principal) : refused;
        if (error) stream.end(error);
      }
    }
    checking = false;
  };

  const start = (): void => {
    timers = [
      setInterval(() => {
        for (const stream of streams) stream.tick();
      }, pingMs).unref(),
      setInterval(() => void checkAccess(), accessCheckMs).unref(),
    ];
  };
  const halt = (): void => {
    for (const timer of timers) clearInterval(timer);
    timers = [];
  };
  const assertOpen = (): void => {
    if (stopped) throw stopping();
  };

  return {
    assertOpen,
    add(stream) {
      assertOpen();
      streams.add(stream);
      if (timers.length === 0) start();
      return () => {
        streams.delete(stream);
        if (streams.size === 0) halt();
      };
    },
    stop() {
      stopped = true;
      const told = [...streams];
      for (const stream of told) stream.end(stopping(), { close: true });
      if (told.length === 0) return;
      setTimeout(() => {
        for (const stream of told) stream.cut();
      }, FAREWELL_MS).unref();
    },
  };
};
