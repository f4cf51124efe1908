import { createClient, type InnkeeperClient, type InnkeeperClientOptions } from './create-client.ts';
import { systemSeams } from './seams.ts';

export type * from './contract.ts';
export type { InnkeeperClient, InnkeeperClientOptions } from './create-client.ts';
export type { ErrorShape, FailingField } from './error-shape.ts';
export { InnkeeperError, isInnkeeperError } from './innkeeper-error.ts';

/**
 * A typed client of an Innkeeper server. It makes idempotency keys, tries again where that helps, reads its own writes and
 * batches the calls of one moment. Throws RangeError or TypeError for options that make no sense; its calls throw InnkeeperError.
 */
export const createInnkeeperClient = (options: InnkeeperClientOptions): InnkeeperClient =>
  createClient(options, systemSeams);
