/** Why a POST got no answer; stable, for logs of deliveries and for programs. */
export type OutboundFault =
  | 'ADDRESS_NOT_ALLOWED'
  | 'DNS_FAILED'
  | 'CONNECT_FAILED'
  | 'TLS_FAILED'
  | 'TIMEOUT'
  | 'CONNECTION_LOST'
  | 'BROKEN_ANSWER'
  | 'ABORTED';

const MESSAGES: Record<OutboundFault, string> = {
  ADDRESS_NOT_ALLOWED: 'The address is not one that may be called.',
  DNS_FAILED: 'The host name could not be resolved.',
  CONNECT_FAILED: 'No connection could be made.',
  TLS_FAILED: 'No secure connection could be made: check the certificate and its chain.',
  TIMEOUT: 'There was no complete answer in time.',
  CONNECTION_LOST: 'The connection was closed before the answer was complete.',
  BROKEN_ANSWER: 'What came back is not a valid HTTP answer.',
  ABORTED: 'The request was called off.',
};

/** No answer came. The message names no resolved address, so a stranger may see it; `cause` is for the log only. */
export class OutboundError extends Error {
  readonly fault: OutboundFault;

  constructor(fault: OutboundFault, cause?: unknown) {
    super(MESSAGES[fault], { cause });
    this.name = 'OutboundError';
    this.fault = fault;
  }
}

const BROKEN_ANSWER_CODES = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
const CLOSED_CODES = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

const faultOf = (error: unknown): OutboundFault => {
  const { code, name, message } = error as Partial<NodeJS.ErrnoException>;
  if (code && CLOSED_CODES.has(code)) return 'ABORTED';
  // The parser's errors carry no code; a status line that has no place in an answer is told by the message only.
  const broken =
    name === 'HTTPParserError' ||
    (code && BROKEN_ANSWER_CODES.has(code)) ||
    (code === 'UND_ERR_SOCKET' && message?.startsWith('bad '));
  return broken ? 'BROKEN_ANSWER' : 'CONNECTION_LOST';
};

/** What ended an exchange after it was begun; `timer` is its time limit, `signal` the caller's. */
export const exchangeError = (error: unknown, timer: AbortSignal, signal: AbortSignal | undefined): OutboundError => {
  if (signal?.aborted) return new OutboundError('ABORTED', error);
  if (timer.aborted) return new OutboundError('TIMEOUT', error);
  if (error instanceof OutboundError) return error;
  return new OutboundError(faultOf(error), error);
};
