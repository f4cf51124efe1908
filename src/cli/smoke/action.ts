import { setTimeout as delay } from 'node:timers/promises';
import { createInnkeeperClient } from '../../client/index.ts';
import type { Application } from '../../compose.ts';
import { AppError } from '../../kernel/app-error.ts';
import { systemClock } from '../../kernel/clock.ts';
import { randomIds } from '../../kernel/ids.ts';
import { ROLE_PERMISSIONS } from '../../kernel/permissions.ts';
import { callAsOperator } from '../../startup/operator.ts';
import { listTenants, tenantBySlug } from '../tenants.ts';
import { withApplication } from '../with-application.ts';
import { bookOneNight } from './book-one-night.ts';
import { step } from './step.ts';

export interface SmokeOptions {
  url: string;
  timeout: number;
  dataDir?: string;
}

const TENANT = { slug: 'smoke-test', name: 'Smoke test' };
/** Should the command be killed, its key is good for no longer. */
const KEY_MINUTES = 10;
const LOOK_EVERY_MS = 500;
const ANSWER_MS = 5_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Why the server is not ready; null when it is. */
const unready = async (url: string): Promise<string | null> => {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? null : `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
};

const untilReady = async (url: string, timeoutSeconds: number): Promise<void> => {
  const until = performance.now() + timeoutSeconds * 1_000;
  for (let reason = await unready(url); reason !== null; reason = await unready(url)) {
    if (performance.now() >= until) {
      throw new Error(`${url}/readyz has not answered 200 within ${timeoutSeconds} s: ${reason}`);
    }
    await delay(LOOK_EVERY_MS);
  }
};

/** Made at the first run; the others find it. */
const tenantForTests = async (application: Application): Promise<string> => {
  const known = (await listTenants(application)).find(({ slug }) => slug === TENANT.slug);
  if (known) return known.id;
  try {
    return (await application.access.bootstrapTenant(TENANT)).tenantId;
  } catch (error) {
    // Another run was quicker.
    if (!(error instanceof AppError) || error.code !== 'TENANT_EXISTS') throw error;
    return (await tenantBySlug(application, TENANT.slug)).id;
  }
};

export const smoke = async ({ url, timeout, ...place }: SmokeOptions): Promise<void> => {
  await untilReady(url, timeout);
  print(`${url} is ready.`);
  await withApplication(place, async ({ application }) => {
    const operator = await callAsOperator(application, await tenantForTests(application));
    const key = await operator.apiKeys.create({
      name: 'innkeeper smoke',
      permissions: [...ROLE_PERMISSIONS.manager],
      expiresAt: new Date(systemClock.nowMs() + KEY_MINUTES * 60_000).toISOString(),
      idempotencyKey: randomIds.uuid(),
    });
    try {
      const client = createInnkeeperClient({ url, apiKey: key.secret ?? '', retries: 0 });
      await bookOneNight(client, systemClock.nowIso().slice(0, 10), print);
    } finally {
      await step('Revoking the key', operator.apiKeys.revoke({ apiKeyId: key.id, idempotencyKey: randomIds.uuid() }));
    }
  });
};
