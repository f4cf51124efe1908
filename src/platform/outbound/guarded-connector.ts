import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { guardedLookup, type Resolve } from './guarded-lookup.ts';
import { OutboundError } from './outbound-error.ts';
import { isPublicAddress } from './public-address.ts';

const TIMEOUT_CODES = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

const connectError = (error: Error, secure: boolean): OutboundError => {
  if (error instanceof OutboundError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code && TIMEOUT_CODES.has(code)) return new OutboundError('TIMEOUT', error);
  const dialled = syscall !== 'connect' && !(error instanceof AggregateError);
  return new OutboundError(secure && dialled ? 'TLS_FAILED' : 'CONNECT_FAILED', error);
};

/**
 * Opens the connections of a pool, to public addresses only unless `allowPrivate`. A name is resolved once for each
 * connection, and what was checked is what is dialled. Fails with OutboundError, after `timeoutMs` at the latest.
 */
export const guardedConnector = (
  resolve: Resolve,
  allowPrivate: boolean,
  timeoutMs: number,
): buildConnector.connector => {
  const lookup = guardedLookup(resolve, allowPrivate);
  const connect = buildConnector({ lookup, timeout: timeoutMs, allowH2: false });
  return (options, callback) => {
    // Sockets ask no lookup about a host that is an IP address already.
    if (!allowPrivate && isIP(options.hostname) !== 0 && !isPublicAddress(options.hostname)) {
      callback(new OutboundError('ADDRESS_NOT_ALLOWED'), null);
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error) callback(connectError(error, options.protocol === 'https:'), null);
      else callback(null, socket);
    });
  };
};
