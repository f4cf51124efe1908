/** Tells that there are new events, within a process and between processes. Never lost is the event, only perhaps its wake-up. */
export interface Wakeups {
  /** Says that a tenant has new events: to this process at once, to the others soon after. */
  raise(tenant: string): void;
  /** Calls back with each tenant that has new events; with null when some may have been missed. Answers how to stop. */
  subscribe(listener: (tenant: string | null) => void): () => void;
  /** Takes in what another process sent. */
  hear(message: string): void;
  /** Says that messages may have been missed, as after a lost connection. */
  missed(): void;
  /** Sends what has gathered, and resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

export interface WakeupOptions {
  /** Tells this process from others. */
  origin: string;
  /** Sends a message to all processes; may fail, since whoever misses it looks again by itself. */
  send: (message: string) => Promise<unknown>;
  startTimer: (ms: number, ring: () => void) => void;
}

/** A NOTIFY takes a lock that all commits with one share, so it is not part of commits, and one speaks for many. */
const GATHER_MS = 10;
/** The longest message of NOTIFY has 8 000 bytes, a tenant's id 36. */
const MOST_TENANTS = 200;

export const createWakeups = ({ origin, send, startTimer }: WakeupOptions): Wakeups => {
  const listeners = new Set<(tenant: string | null) => void>();
  const tell = (tenant: string | null) => {
    for (const listener of listeners) listener(tenant);
  };
  let gathered: Set<string> | null = null;

  const underWay = new Set<Promise<unknown>>();

  const flush = () => {
    if (gathered === null) return;
    const tenants = [...gathered];
    gathered = null;
    const message = tenants.length > MOST_TENANTS ? [origin] : [origin, ...tenants];
    const sent: Promise<unknown> = send(message.join(' '))
      .catch(() => {})
      .then(() => void underWay.delete(sent));
    underWay.add(sent);
  };

  return {
    raise(tenant) {
      tell(tenant);
      if (gathered === null) {
        gathered = new Set();
        startTimer(GATHER_MS, flush);
      }
      gathered.add(tenant);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hear(message) {
      const [from, ...tenants] = message.split(' ');
      if (from === origin) return;
      if (tenants.length === 0) tell(null);
      for (const tenant of tenants) tell(tenant);
    },
    missed: () => tell(null),
    async settled() {
      flush();
      await Promise.all(underWay);
    },
  };
};
