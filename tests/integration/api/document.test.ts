import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../src/features/events/index.ts';
import { startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { 'x-procedure'?: string }>>;
  webhooks: Record<string, { post: { requestBody: { content: { 'application/json': { schema: unknown } } } } }>;
}

it('every procedure of the router but subscriptions is in the OpenAPI document', async () => {
  const document = (await (await fetch(`${app.url}/openapi.json`)).json()) as Document;
  const described = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .flatMap((operation) => operation['x-procedure'] ?? []);
  const procedures = Object.entries<{ _def: { type: string } }>(
    app.application.appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>,
  );
  const answering = procedures.flatMap(([path, { _def }]) => (_def.type === 'subscription' ? [] : path));
  expect(described.toSorted()).toEqual(answering.toSorted());
  expect(document.openapi).toMatch(/^3\.1\./);
});

it('every message that is sent to webhooks is in the document, tests included, which are no events', async () => {
  const { webhooks } = (await (await fetch(`${app.url}/openapi.json`)).json()) as Document;
  expect(Object.keys(webhooks).toSorted()).toEqual([...EVENT_TYPES, 'webhook.test'].toSorted());
  expect(webhooks['webhook.test']?.post.requestBody.content['application/json'].schema).toMatchObject({
    properties: { type: { const: 'webhook.test' }, bookingId: { type: 'null' }, data: { required: ['endpointId'] } },
  });
});

it('what REST and tRPC answer to one key is the same booking of one property', async () => {
  const { client, ownerKey } = await app.tenant('rest');
  const input = { name: 'Rest House', type: 'hotel', timeZone: 'Europe/Brussels', currency: 'EUR', city: 'Ghent' };
  const key = 'one-intent-two-doors';
  const viaRest = await fetch(`${app.url}/api/v1/properties`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ownerKey}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(input),
  });
  expect(viaRest.status).toBe(201);
  const viaTrpc = await client.properties.create.mutate({ ...input, idempotencyKey: key });
  expect(await viaRest.json()).toEqual(viaTrpc);
});
