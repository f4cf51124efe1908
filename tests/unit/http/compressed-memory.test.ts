import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { compressAnswer, compressedBefore } from '../../../src/transport/http/compression.ts';
import { listen } from '../../../src/transport/http/server.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heldBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
};

test('what is kept of compressed answers takes about as many bytes as it has', async () => {
  const answers = Array.from({ length: 300 }, (_, n) =>
    Buffer.from(JSON.stringify({ n, text: 'a room with a view '.repeat(100) })),
  );
  const server = await listen(
    (request, response) => {
      compressAnswer(request, response);
      response.setHeader('Content-Type', 'application/json');
      response.end(answers[Number(request.url?.slice(1))]);
    },
    { host: '127.0.0.1', port: 0 },
  );
  const before = heldBytes();
  for (const [n] of answers.entries()) {
    const answer = await fetch(`${server.url}/${n}`, { headers: { 'accept-encoding': 'br' } });
    expect(await answer.json()).toMatchObject({ n });
  }
  await server.close(1_000);
  expect(answers.filter((bytes) => compressedBefore(bytes, 'br') !== undefined)).toHaveLength(300);
  // A buffer of zlib's own for each would be 20 MB.
  expect(heldBytes() - before).toBeLessThan(2_000_000);
});
