type Headers = Record<string, string | string[] | undefined>;

/**
 * The first `maxBytes` of a body as text without control characters other than newline and tab; a character cut in two
 * at the end is left out. What comes after is not read: leaving the loop destroys the body and with it the connection.
 */
export const readAnswerText = async (body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let left = maxBytes;
  for await (const chunk of body) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  if (left > 0) text += decoder.decode();
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '');
};

const single = (value: string | string[] | undefined) => (typeof value === 'string' ? value.trim() : '');

/**
 * How long `Retry-After` asks to wait, in milliseconds; null when it is absent or unreadable. A date is measured against
 * the answer's own `Date`, so that neither clock has to be right.
 */
export const retryAfterMs = (headers: Headers): number | null => {
  const value = single(headers['retry-after']);
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const wait = Date.parse(value) - Date.parse(single(headers.date));
  return /GMT$/.test(value) && Number.isFinite(wait) ? Math.max(0, wait) : null;
};
