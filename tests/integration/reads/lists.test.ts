import { randomUUID } from 'node:crypto';
import { type AnyTRPCProcedure, callTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentScope, newScope, type Scope } from '../../../src/platform/db/scope.ts';
import { startApp, type TestApp } from '../../support/app.ts';

const someId = randomUUID();

/** What a list must be given. */
const INPUTS: Record<string, object> = {
  'inventory.listBlocks': { propertyId: someId },
  'rates.listPlans': { propertyId: someId },
  'roomTypes.list': { propertyId: someId },
  'rooms.list': { propertyId: someId },
  'webhooks.deliveries': { endpointId: someId },
};

/** Lists that the primary answers, and why. */
const BY_PRIMARY: Record<string, string> = {
  'events.list': 'a standby does not know which transactions still run, and so which events are final',
};

let app: TestApp;
let asked: { scope: Scope; targets: Set<string> } | null = null;
beforeAll(async () => {
  app = await startApp({
    settings: { CACHE_MB: '0' },
    onStatement(_text, _milliseconds, target) {
      if (asked && currentScope().statistics === asked.scope.statistics) asked.targets.add(target);
    },
  });
});
afterAll(() => app.close());

const listsOf = (procedures: Record<string, AnyTRPCProcedure>): string[] =>
  Object.keys(procedures)
    .filter((path) => procedures[path]?._def.type === 'query' && /\.(list\w*|deliveries)$/.test(path))
    .sort();

test('lists are read from a replica when there is one, but for those that are declared', async () => {
  const { appRouter: router, access } = app.application;
  const { ownerKey } = await app.tenant('hotels');
  const { principal } = await access.identify(`Bearer ${ownerKey}`, null);
  const lists = listsOf(router._def.procedures as unknown as Record<string, AnyTRPCProcedure>);
  expect(lists.length).toBeGreaterThanOrEqual(9);
  const found: Record<string, string[]> = {};
  for (const path of lists) {
    const scope = newScope(principal?.tenant ?? null);
    asked = { scope, targets: new Set() };
    const ctx = { requestId: path, principal, scope, sourceAddress: '127.0.0.1' };
    const call = { router, path, ctx, type: 'query' as const, signal: undefined, batchIndex: 0 };
    await callTRPCProcedure({ ...call, getRawInput: async () => INPUTS[path] ?? {} }).catch((error: unknown) => {
      // Nothing has that id.
      expect(String(error)).toMatch(/not found|no such|unknown/i);
    });
    found[path] = [...asked.targets];
  }
  expect(found).toEqual(Object.fromEntries(lists.map((path) => [path, [path in BY_PRIMARY ? 'primary' : 'replica']])));
});
