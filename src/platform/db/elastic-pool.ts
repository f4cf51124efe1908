import pg from 'pg';

export interface PoolBounds {
  /** Connections that are kept; idle ones beyond end after the pool's idle time-out. */
  least: number;
  most: number;
  /** A connection that lay idle for longer is tried before it is given out; 10 000 unless given. */
  tryAfterMs?: number;
  /** Told how long it took until a connection was given out. */
  onAcquired?: ((milliseconds: number) => void) | undefined;
}

export interface PoolStanding {
  used: number;
  idle: number;
  waiting: number;
  limit: number;
}

/** In use, of what the pool may have now: it grows above the one share and shrinks below the other. */
const GROW_ABOVE = 0.8;
const SHRINK_BELOW = 0.3;
const LOOK_MS = 5_000;
const TRY_AFTER_MS = 10_000;
const SWEEP_MS = 60_000;
const ANSWER_WITHIN_MS = 1_000;

/** Grows as soon as more of it is in use, shrinks when little was for a while, and lets no dead connection out. */
export class ElasticPool extends pg.Pool {
  readonly #bounds: PoolBounds;
  readonly #idleSince = new WeakMap<pg.PoolClient, number>();
  readonly #timers: NodeJS.Timeout[];
  #peak = 0;

  constructor(config: pg.PoolConfig, bounds: PoolBounds) {
    super({ ...config, min: bounds.least, max: bounds.least });
    this.#bounds = bounds;
    this.on('release', (_error, client) => this.#idleSince.set(client, performance.now()));
    this.#timers = [
      setInterval(() => this.#shrink(), LOOK_MS).unref(),
      setInterval(() => void this.#sweep(), SWEEP_MS).unref(),
    ];
  }

  get #inUse(): number {
    return this.totalCount - this.idleCount + this.waitingCount;
  }

  #grow(): void {
    const used = this.#inUse + 1;
    this.#peak = Math.max(this.#peak, used);
    while (this.options.max < this.#bounds.most && used > GROW_ABOVE * this.options.max) {
      this.options.max = Math.min(this.#bounds.most, this.options.max * 2);
    }
  }

  #shrink(): void {
    const { max } = this.options;
    if (this.#peak <= SHRINK_BELOW * max) this.options.max = Math.max(this.#bounds.least, Math.ceil(max / 2));
    this.#peak = this.#inUse;
  }

  async #answers(client: pg.PoolClient): Promise<boolean> {
    const idleMs = performance.now() - (this.#idleSince.get(client) ?? performance.now());
    if (idleMs < (this.#bounds.tryAfterMs ?? TRY_AFTER_MS)) return true;
    const query = { text: 'select 1', query_timeout: ANSWER_WITHIN_MS } as pg.QueryConfig;
    return client.query(query).then(
      () => true,
      () => false,
    );
  }

  /** Tries what lies idle, each connection once. */
  async #sweep(): Promise<void> {
    const idle = Array.from({ length: this.idleCount }, async () => (await this.#tried()).release());
    await Promise.allSettled(idle);
  }

  async #tried(): Promise<pg.PoolClient> {
    this.#grow();
    for (;;) {
      const client = await super.connect();
      if (await this.#answers(client)) return client;
      client.release(true);
    }
  }

  /** A connection that answers. */
  override connect(): Promise<pg.PoolClient>;
  override connect(): void;
  override async connect(): Promise<pg.PoolClient> {
    const startedAt = performance.now();
    const client = await this.#tried();
    this.#bounds.onAcquired?.(performance.now() - startedAt);
    return client;
  }

  /** Connections now, and as many as there may be. */
  get standing(): PoolStanding {
    const { totalCount, idleCount, waitingCount } = this;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount, limit: this.#bounds.most };
  }

  override end(): Promise<void>;
  override end(): void;
  override end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    return super.end();
  }
}
