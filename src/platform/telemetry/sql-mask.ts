const KEPT = [/(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)/, /(?<identifier>"(?:[^"]|"")*")/];
const LITERALS = [
  /\b[eE]'(?:[^'\\]|''|\\.)*(?:'|$)/,
  /'(?:[^']|'')*(?:'|$)/,
  /\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$)/,
  /(?<![\w$.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b/,
];
const TOKENS = new RegExp([...KEPT, ...LITERALS].map(({ source }) => source).join('|'), 'g');

const MAX_LENGTH = 2_000;

/** A statement on one line without its literals, which can hold personal data; names and `$1` stay. */
export const maskSql = (text: string): string =>
  text
    .replace(TOKENS, (_match, comment?: string, identifier?: string) => (comment ? ' ' : (identifier ?? '?')))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
