import type { JsonSchema } from '../../transport/openapi/json-schema.ts';
import type { Operation } from '../../transport/openapi/operations.ts';
import type { Subscription } from '../../transport/openapi/subscriptions.ts';
import type { ServerContract } from './read-contract.ts';
import { docComment, isObject, objectText, propertyName, typeText } from './type-text.ts';

const HEAD = `import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';
import type { ErrorShape } from './error-shape.ts';

type Query<Input, Output> = TRPCQueryProcedure<{ input: Input; output: Output; meta: object }>;
type Mutation<Input, Output> = TRPCMutationProcedure<{ input: Input; output: Output; meta: object }>;
type Subscription<Input, Output> = TRPCSubscriptionProcedure<{ input: Input; output: Output; meta: object }>;
`;

const ROOT = '{ ctx: object; meta: object; errorShape: ErrorShape; transformer: false }';

const TAKEN = new Set([
  'AppRouter',
  'RouterInputs',
  'RouterOutputs',
  'Query',
  'Mutation',
  'Subscription',
  'ErrorShape',
  'Record',
  'WebhookMessage',
  'WebhookMessages',
]);

const component = ([name, schema]: [string, JsonSchema]): string => {
  if (TAKEN.has(name) || name !== propertyName(name)) throw new Error(`the schema id ${name} cannot name a type`);
  const doc = docComment(schema.description);
  return isObject(schema)
    ? `${doc}export interface ${name} ${objectText(schema)}\n`
    : `${doc}export type ${name} = ${typeText(schema)};\n`;
};

interface Procedure {
  procedurePath: string;
  kind: 'Query' | 'Mutation' | 'Subscription';
  input: string;
  output: string;
  doc: string;
}

const ofOperation = ({ procedurePath, type, input, output, route }: Operation): Procedure => ({
  procedurePath,
  kind: type === 'query' ? 'Query' : 'Mutation',
  input: input ? typeText(input) : 'void',
  output: typeText(output),
  doc: docComment(`${route.summary}.`, route.description),
});

const ofSubscription = ({ procedurePath, summary, description, input, item }: Subscription): Procedure => ({
  procedurePath,
  kind: 'Subscription',
  input: typeText(input),
  output: `AsyncIterable<{ id: string; data: ${typeText(item)} }>`,
  doc: docComment(`${summary}.`, description),
});

const webhook = ({ type, summary, body }: ServerContract['webhooks'][number]): string =>
  `${docComment(`${summary}.`)}${propertyName(type)}: ${typeText(body)};\n`;

type Area = [area: string, procedures: (Procedure & { name: string })[]];

const byArea = (procedures: Procedure[]): Area[] => {
  const areas = new Map<string, Area[1]>();
  for (const procedure of procedures) {
    const [area = '', name = '', ...deeper] = procedure.procedurePath.split('.');
    if (!name || deeper.length) throw new Error(`${procedure.procedurePath} is not of the form area.name`);
    areas.set(area, [...(areas.get(area) ?? []), { ...procedure, name }]);
  }
  return [...areas];
};

const block = (areas: Area[], line: (procedure: Area[1][number], area: string) => string): string =>
  areas
    .map(([area, procedures]) => `${area}: {\n${procedures.map((procedure) => line(procedure, area)).join('')}};\n`)
    .join('');

const route = ({ name, kind, doc }: Area[1][number], area: string): string => {
  const of = `['${area}']['${name}']`;
  return `${doc}${name}: ${kind}<RouterInputs${of}, RouterOutputs${of}>;\n`;
};

/** A module of types that says all that a client has to know of the server's procedures and webhooks, and imports nothing of the server. */
export const contractText = ({ operations, subscriptions, webhooks, components }: ServerContract): string => {
  const areas = byArea([...operations.map(ofOperation), ...subscriptions.map(ofSubscription)]);
  const inputs = block(areas, ({ name, input }) => `${name}: ${input};\n`);
  const outputs = block(areas, ({ name, output }) => `${name}: ${output};\n`);
  return [
    HEAD,
    ...Object.entries(components).map(component),
    `/** What each procedure takes. */\nexport interface RouterInputs {\n${inputs}}\n`,
    `/** What each procedure answers. */\nexport interface RouterOutputs {\n${outputs}}\n`,
    `/** The body of each type of webhook. */\nexport interface WebhookMessages {\n${webhooks.map(webhook).join('')}}\n`,
    '/** The body of a webhook, told apart by its `type`. */\nexport type WebhookMessage = WebhookMessages[keyof WebhookMessages];\n',
    `/** All procedures, as tRPC's types want them. */\nexport type AppRouter = TRPCBuiltRouter<\n${ROOT},\n{\n${block(areas, route)}}\n>;\n`,
  ].join('\n');
};
