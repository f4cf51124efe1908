import { expect, it } from 'vitest';
import { callByCall, clientAtEdge, done } from './edge.ts';

it('tells the server how long it waits for an answer', async () => {
  const { client, requests } = clientAtEdge(
    callByCall(() => done()),
    { timeoutMs: 1_234 },
  );
  await client.properties.list.query({});
  expect(requests[0]?.headers.get('x-request-timeout-ms')).toBe('1234');
});
