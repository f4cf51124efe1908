import { compose } from '../../compose.ts';
import { readConfig } from '../../config.ts';
import { webhookMessages } from '../../features/webhooks/index.ts';
import { standingClock } from '../../kernel/clock.ts';
import type { JsonSchema } from '../../transport/openapi/json-schema.ts';
import { type Described, readOperations } from '../../transport/openapi/operations.ts';
import { toJsonSchemas } from '../../transport/openapi/schema-conversion.ts';

export interface ServerContract extends Described {
  webhooks: { type: string; summary: string; body: JsonSchema }[];
}

/** Connections are made by the first statement only, and there is none. */
const NOWHERE = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  DATA_KEY: 'never-used-to-seal-anything-0123456789',
  AUTH_SECRET: 'never-used-to-sign-anything-0123456789',
};

const readWebhooks = () => {
  const { schemas, components } = toJsonSchemas(
    webhookMessages.map(({ type, body }) => ({ owner: `the webhook ${type}`, io: 'output', schema: body })),
  );
  const webhooks = webhookMessages.map(({ type, summary }, index) => ({ type, summary, body: schemas[index] ?? {} }));
  return { webhooks, components };
};

/**
 * All procedures of the server, those of a standing clock included, and all webhooks, with their schemas as JSON Schema. Opens the server's
 * objects without a database. Throws when a procedure is left out of the REST description, and so would be left out here.
 */
export const readContract = async (): Promise<ServerContract> => {
  const application = await compose(readConfig(NOWHERE), { clock: standingClock('2026-01-01T00:00:00.000Z') });
  try {
    const contract = readOperations(application.appRouter);
    const described = [...contract.operations, ...contract.subscriptions];
    const known = new Set(described.map(({ procedurePath }) => procedurePath));
    const lost = Object.keys(application.appRouter._def.procedures).filter((path) => !known.has(path));
    if (lost.length) throw new Error(`procedures without a description: ${lost.join(', ')}`);
    const { webhooks, components } = readWebhooks();
    return { ...contract, webhooks, components: { ...contract.components, ...components } };
  } finally {
    await application.close();
  }
};
