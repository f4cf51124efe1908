import fc from 'fast-check';
import { MAX_BODY_BYTES } from './apps.ts';

/** A request as it goes over the wire, in one write or several. */
export interface WireRequest {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer | null;
  chunked: boolean;
  /** After how many bytes of the body another write begins. */
  split: number;
}

const QUERIES = `echo strict noInput later nothing nil list text date large circular bigint promise functions iterable
  innerIterable error unformattable formatterOnce noData string undefinedThrown object code badOutput ownFormatter created
  noResult nested.deep.er constructor lazy.late`.split(/\s+/);
const MUTATIONS = ['save', 'saveNothing', 'saveFails', 'form', 'octets'];
const STRANGE = [
  '',
  'ticks',
  'toString',
  '__proto__',
  'lazy.none',
  'nested',
  'nested.deep',
  'Echo',
  'echo ',
  'écho',
  '.',
  '*',
];

const inputs = fc.oneof(
  fc.constantFrom<unknown>(
    { city: 'Gent' },
    { city: 'x', adults: 0 },
    { code: 'CONFLICT' },
    { code: 'X' },
    { name: 'Ana' },
  ),
  fc.constantFrom<unknown>(
    null,
    0,
    '',
    'text',
    [],
    {},
    [1],
    { json: { city: 'Gent' } },
    { json: null },
    { fails: true },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const malformed = fc.constantFrom(
  '{',
  'undefined',
  '{"a":1}}',
  '\ufeff{}',
  '"\u0000"',
  '[1,',
  'NaN',
  ' ',
  '{"__proto__":1}',
);
const inputText = fc.oneof(
  { weight: 4, arbitrary: inputs.map((input) => JSON.stringify(input)) },
  {
    weight: 4,
    arbitrary: fc
      .dictionary(fc.constantFrom('0', '1', '2', '3', '7', 'x', '__proto__'), inputs, { noNullPrototype: true })
      .map((batch) => JSON.stringify(batch)),
  },
  { weight: 1, arbitrary: malformed },
);

/** Mostly of one kind and known, so that batches get past the door. */
const names = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...QUERIES), { minLength: 1, maxLength: 4 }) },
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...MUTATIONS), { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...QUERIES, ...MUTATIONS, ...STRANGE), { minLength: 1, maxLength: 6 }),
  },
);
const encodings: ((text: string) => string)[] = [
  encodeURI,
  encodeURIComponent,
  (text) => encodeURIComponent(text).replaceAll('.', '%2e'),
  (text) => encodeURI(text).replaceAll('.', '~'),
  (text) => `${encodeURI(text)}/`,
  (text) => `/${encodeURI(text)}`,
  (text) => `below/${encodeURI(text)}`,
  (text) => `${encodeURI(text)}%`,
  (text) => `${encodeURI(text)}%ff`,
  (text) => `%e0%a4%a/${encodeURI(text)}`,
  (text) => `${encodeURI(text)};v=1`,
];
const path = fc
  .tuple(names, fc.oneof({ weight: 8, arbitrary: fc.constant(encodeURI) }, fc.constantFrom(...encodings)))
  .map(([list, encode]) => encode(list.join(',')));

const parameter = fc.oneof(
  { weight: 6, arbitrary: inputText.map((text) => `input=${encodeURIComponent(text)}`) },
  { weight: 5, arbitrary: fc.constant('batch=1') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'batch=0',
      'batch',
      'batch=1%20',
      'b%61tch=1',
      'batch=%31',
      'input',
      'input=',
      'input=%',
      'input=%22%c3%28%22',
      'input=%22a+b%22',
      '%69nput=1',
      'input=%22%ef%bb%bf%22',
      'input={"0":"%00"}',
      'input="\u00e9"',
      '&&',
      '=',
      'a=b=c',
      'connectionParams=null',
      'connectionParams=%7B%7D',
      'connectionParams=[',
      'lastEventId=1',
      '#batch=1',
      '?',
      "'<>`",
    ),
  },
);
const target = fc
  .tuple(path, fc.array(parameter, { maxLength: 4 }), fc.boolean())
  .map(([at, parameters, mark]) => `/trpc/${at}${parameters.length || mark ? '?' : ''}${parameters.join('&')}`);

const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json;',
    'application/jsonp',
    ' application/json ;x',
    'application/json, text/plain',
    'text/plain',
    'application/octet-stream',
    'multipart/form-data; boundary=b',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    '',
  ),
);
const strangeHeader = fc.constantFrom<[string, string]>(
  ['trpc-accept', 'application/jsonl'],
  ['trpc-accept', 'application/json'],
  ['trpc-accept', ''],
  ['accept', 'application/jsonl'],
  ['accept', 'text/html, application/jsonl;q=1'],
  ['accept', '*/*, application/jsonl'],
  ['x-context', 'fails'],
  ['authorization', 'Bearer \u00fc'],
  ['expect', '100-continue'],
  ['accept-encoding', 'gzip'],
  ['if-none-match', '*'],
  ['connection', 'close'],
  ['range', 'bytes=0-1'],
  ['x-http-method-override', 'POST'],
);
const host = fc.oneof(
  { weight: 20, arbitrary: fc.constant('localhost') },
  fc.constantFrom('[::1]:80', 'a b', '999.1.1.1', 'user@host', 'host:99999', '', 'a/b?c#d', '%zz'),
);
const body = fc.oneof(
  { weight: 12, arbitrary: inputText.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.constant(Buffer.from('"caf\u00e9"', 'latin1')) },
  {
    weight: 1,
    arbitrary: fc.constant(Buffer.from('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n')),
  },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: MAX_BODY_BYTES - 3, max: MAX_BODY_BYTES + 3 })
      .map((size) => Buffer.from(JSON.stringify('x'.repeat(size - 2)))),
  },
  { weight: 1, arbitrary: fc.constant(Buffer.from(JSON.stringify({ name: '\u20ac'.repeat(30_000) }))) },
  { weight: 1, arbitrary: fc.constant(null) },
);

export const wireRequests: fc.Arbitrary<WireRequest> = fc
  .record({
    method: fc.oneof(
      { weight: 10, arbitrary: fc.constant('GET') },
      { weight: 10, arbitrary: fc.constant('POST') },
      fc.constantFrom('PUT', 'OPTIONS', 'DELETE', 'PATCH'),
    ),
    target,
    host,
    type: contentType,
    strange: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(strangeHeader, { maxLength: 2 })),
    body,
    chunked: fc.boolean(),
    split: fc.nat({ max: 12 }),
  })
  .map(({ host, type, strange, body, ...rest }) => {
    const sends = rest.method !== 'GET' || body?.length === 2;
    const headers: [string, string][] = [['host', host], ...strange];
    if (sends && type !== '') headers.push(['content-type', type]);
    return { ...rest, headers, body: sends ? body : null };
  });

/** The bytes of a request, in the pieces that they are written in. */
export const toPieces = ({ method, target, headers, body, chunked, split }: WireRequest): Buffer[] => {
  const framing: [string, string][] = !body
    ? []
    : [chunked ? ['transfer-encoding', 'chunked'] : ['content-length', String(body.length)]];
  const lines = [...headers, ...framing].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(
    `${method} ${target} HTTP/1.1\r\n${lines.join('')}x-request-id: same-for-both\r\n\r\n`,
    'latin1',
  );
  if (!body) return [head];
  const parts = [body.subarray(0, split), body.subarray(split)].filter((part) => part.length > 0);
  if (!chunked) return [head, ...parts];
  const chunks = parts.map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  );
  return [head, ...chunks, Buffer.from('0\r\n\r\n')];
};
