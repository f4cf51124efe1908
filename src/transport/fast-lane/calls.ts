import type { IncomingMessage } from 'node:http';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';

export interface Call {
  path: string;
  procedure: AnyTRPCProcedure;
}

/** What a request asks for, as far as its head tells. */
export interface Calls {
  type: 'query' | 'mutation';
  batch: boolean;
  /** One at least, all of `type`. */
  calls: Call[];
  /** The URL's `input`; null when there is none, or when it belongs into the body. */
  input: string | null;
}

/** `/trpc/a.b,c.d`, perhaps with other segments between, and a query without a fragment: what every URL parser reads alike. */
const TARGET = /^\/trpc\/(?:[\w.~%,-]+\/)*([\w.~%,-]+)(?:\?([!"$-~]*))?$/;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
const STREAMED = 'application/jsonl';

const pathOf = (encoded: string): string | null => {
  try {
    return encoded.includes('%') ? decodeURIComponent(encoded) : encoded;
  } catch {
    return null;
  }
};

/** Plain answers by GET or POST, with a body of JSON where one is read. */
const asksPlainly = ({ method, headers }: IncomingMessage): boolean => {
  const type = headers['content-type'];
  if (method === 'POST' ? type === undefined : method !== 'GET') return false;
  if (type !== undefined && !JSON_TYPE.test(type)) return false;
  return headers['trpc-accept'] === undefined && !headers.accept?.includes(STREAMED);
};

/** Says whether a Host header, or none, makes a URL that fetch takes; most requests name the same one. */
const hostCheck = (): ((host: string | undefined) => boolean) => {
  let valid: string | undefined;
  return (host) => {
    if (host === undefined || host === valid) return true;
    if (host.includes('@') || !URL.canParse(`http://${host}`)) return false;
    valid = host;
    return true;
  };
};

/** Says whether a request's head, but for its target, lets it be answered with one piece of JSON. */
export const plainCheck = (): ((request: IncomingMessage) => boolean) => {
  const isHost = hostCheck();
  return (request) => asksPlainly(request) && isHost(request.headers.host);
};

/**
 * Reads a request's head. Answers null for whatever tRPC refuses before it calls a procedure, and for what is answered
 * by anything else than one piece of JSON: the stock adapter has the words for both.
 */
export const callsReader = (
  router: AnyTRPCRouter,
  maxBatch: number,
  isPlain: (request: IncomingMessage) => boolean,
): ((request: IncomingMessage) => Calls | null) => {
  const procedures: Readonly<Record<string, AnyTRPCProcedure>> = router._def.procedures;

  return (request) => {
    const [, encoded, search = ''] = TARGET.exec(request.url ?? '') ?? [];
    if (encoded === undefined || !isPlain(request)) return null;
    const path = pathOf(encoded);
    if (path === null) return null;
    const query = new URLSearchParams(search);
    if (query.has('connectionParams')) return null;
    const batch = query.get('batch') === '1';
    const names = batch ? path.split(',') : [path];
    if (names.length > maxBatch) return null;

    const type = procedures[names[0] ?? '']?._def.type;
    const { method } = request;
    if (type !== 'query' && (type !== 'mutation' || method !== 'POST')) return null;
    const calls: Call[] = [];
    for (const name of names) {
      // What a lazy router holds is among the procedures once it is loaded.
      const procedure = procedures[name];
      if (procedure?._def.type !== type) return null;
      calls.push({ path: name, procedure });
    }
    return { type, batch, calls, input: method === 'GET' ? query.get('input') : null };
  };
};
