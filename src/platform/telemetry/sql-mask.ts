const COMMENT = String.raw`--[^\n]*|/\*[\s\S]*?\*/`;
const IDENTIFIER = String.raw`"(?:[^"]|"")*"`;
const STRING = String.raw`\b[eE]'(?:[^'\\]|''|\\.)*(?:'|$)|'(?:[^']|'')*(?:'|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)`;
const NUMBER = String.raw`(?<![\w$.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b`;
const TOKENS = new RegExp(
  `(${COMMENT})|(${IDENTIFIER})|${STRING.replaceAll(String.raw`\1`, String.raw`\3`)}|${NUMBER}`,
  'g',
);

const MAX_LENGTH = 2_000;

/** A statement on one line without its literals, which can hold personal data; names and `$1` stay. */
export const maskSql = (text: string): string =>
  text
    .replace(TOKENS, (_match, comment?: string, identifier?: string) => (comment ? ' ' : (identifier ?? '?')))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
