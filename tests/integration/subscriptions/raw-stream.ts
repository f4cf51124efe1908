import { onTestFinished } from 'vitest';
import type { ErrorShape } from '../../../src/client/error-shape.ts';
import { createEventStreamParser, type ServerSentEvent } from '../../../src/client/event-stream-parser.ts';

export interface RawStream {
  response: Response;
  /** The next event of the name, passing over others; null at the end of the stream. */
  next(name: string): Promise<ServerSentEvent | null>;
  /** What the stream ended with. */
  error(): Promise<ErrorShape['data']>;
  close(): void;
}

/** A subscription as it is on the wire. */
export const openStream = async (
  url: string,
  path: string,
  input: unknown,
  credentials: string | null,
  headers: Record<string, string> = {},
): Promise<RawStream> => {
  const given = new AbortController();
  onTestFinished(() => given.abort());
  const response = await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
    headers: { ...(credentials ? { authorization: `Bearer ${credentials}` } : {}), ...headers },
    signal: given.signal,
  });
  const parser = createEventStreamParser();
  const text = new TextDecoder();
  const reader = response.body?.getReader();
  const waiting: ServerSentEvent[] = [];

  const next = async (name: string): Promise<ServerSentEvent | null> => {
    for (;;) {
      for (let event = waiting.shift(); event; event = waiting.shift()) {
        if (event.name === name) return event;
      }
      const part = await reader?.read();
      if (!part || part.done) return null;
      waiting.push(...parser.read(text.decode(part.value, { stream: true })));
    }
  };
  return {
    response,
    next,
    async error() {
      const told = await next('serialized-error');
      if (!told) throw new Error('the stream ended without an error');
      return (JSON.parse(told.data) as ErrorShape).data;
    },
    close: () => given.abort(),
  };
};
