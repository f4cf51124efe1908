import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventStreamParser } from '../../../src/client/event-stream-parser.ts';

const STREAM = [
  'event: connected\ndata: {"a":1}\n\n',
  ': a comment\ndata: one\nid: 1\n\n',
  'data:two\r\ndata: lines\r\nid: 2\r\nretry: 5\r\n\r\n',
  'event: ping\nid: 3\n\n',
  'data: three\n\n',
  'data: é…\nid\n\n',
  'data: unfinished',
].join('');

it('events are the same, wherever the stream is cut', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: STREAM.length }));
  fc.assert(
    fc.property(cuts, (places) => {
      const { read } = createEventStreamParser();
      const edges = [0, ...places.sort((a, b) => a - b), STREAM.length];
      const events = edges.slice(1).flatMap((to, index) => read(STREAM.slice(edges[index], to)));
      expect(events).toEqual([
        { name: 'connected', data: '{"a":1}', id: undefined },
        { name: 'message', data: 'one', id: '1' },
        { name: 'message', data: 'two\nlines', id: '2' },
        { name: 'message', data: 'three', id: '3' },
        { name: 'message', data: 'é…', id: undefined },
      ]);
    }),
  );
});
