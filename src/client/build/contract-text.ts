import type { JsonSchema } from '../../transport/openapi/json-schema.ts';
import type { Operation } from '../../transport/openapi/operations.ts';
import type { ServerContract } from './read-contract.ts';
import { docComment, isObject, objectText, propertyName, typeText } from './type-text.ts';

const HEAD = `import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server';
import type { ErrorShape } from './error-shape.ts';

type Query<Input, Output> = TRPCQueryProcedure<{ input: Input; output: Output; meta: object }>;
type Mutation<Input, Output> = TRPCMutationProcedure<{ input: Input; output: Output; meta: object }>;
`;

const ROOT = '{ ctx: object; meta: object; errorShape: ErrorShape; transformer: false }';

const TAKEN = new Set(['AppRouter', 'RouterInputs', 'RouterOutputs', 'Query', 'Mutation', 'ErrorShape', 'Record']);

const component = ([name, schema]: [string, JsonSchema]): string => {
  if (TAKEN.has(name) || name !== propertyName(name)) throw new Error(`the schema id ${name} cannot name a type`);
  const doc = docComment(schema.description);
  return isObject(schema)
    ? `${doc}export interface ${name} ${objectText(schema)}\n`
    : `${doc}export type ${name} = ${typeText(schema)};\n`;
};

type Area = [area: string, operations: (Operation & { name: string })[]];

const byArea = (operations: Operation[]): Area[] => {
  const areas = new Map<string, Area[1]>();
  for (const operation of operations) {
    const [area = '', name = '', ...deeper] = operation.procedurePath.split('.');
    if (!name || deeper.length) throw new Error(`${operation.procedurePath} is not of the form area.name`);
    areas.set(area, [...(areas.get(area) ?? []), { ...operation, name }]);
  }
  return [...areas];
};

const block = (areas: Area[], line: (operation: Area[1][number], area: string) => string): string =>
  areas
    .map(([area, operations]) => `${area}: {\n${operations.map((operation) => line(operation, area)).join('')}};\n`)
    .join('');

const route = (operation: Area[1][number], area: string): string => {
  const { name, type, route } = operation;
  const of = `['${area}']['${name}']`;
  const kind = type === 'query' ? 'Query' : 'Mutation';
  const doc = docComment(`${route.summary}.`, route.description);
  return `${doc}${name}: ${kind}<RouterInputs${of}, RouterOutputs${of}>;\n`;
};

/** A module of types that says all that a client has to know of the server's procedures, and imports nothing of the server. */
export const contractText = ({ operations, components }: ServerContract): string => {
  const areas = byArea(operations);
  const inputs = block(areas, ({ name, input }) => `${name}: ${input ? typeText(input) : 'void'};\n`);
  const outputs = block(areas, ({ name, output }) => `${name}: ${typeText(output)};\n`);
  return [
    HEAD,
    ...Object.entries(components).map(component),
    `/** What each procedure takes. */\nexport interface RouterInputs {\n${inputs}}\n`,
    `/** What each procedure answers. */\nexport interface RouterOutputs {\n${outputs}}\n`,
    `/** All procedures, as tRPC's types want them. */\nexport type AppRouter = TRPCBuiltRouter<\n${ROOT},\n{\n${block(areas, route)}}\n>;\n`,
  ].join('\n');
};
