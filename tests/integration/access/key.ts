import { randomUUID } from 'node:crypto';

/** An idempotency key, new each time. */
export const key = () => randomUUID();
