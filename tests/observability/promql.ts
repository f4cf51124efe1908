import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A metric that an expression selects, with the labels that its selector names. */
export interface SelectedMetric {
  name: string;
  labels: string[];
}

/** Labels that an expression groups or joins by, and the metrics that they can come from. */
export interface Grouping {
  labels: string[];
  metrics: string[];
}

const parse = (expr: string): Node => {
  const { topNode } = parser.parse(expr);
  for (const node of nodesOf(topNode))
    if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expr.slice(node.from)} in ${expr}`);
  if (topNode.firstChild === null) throw new Error('an empty expression');
  return topNode;
};

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield* nodesOf(child);
}

const textsOf = (expr: string, node: Node, type: string): string[] =>
  [...nodesOf(node)].filter(({ name }) => name === type).map(({ from, to }) => expr.slice(from, to));

const selectedIn = (expr: string, node: Node): SelectedMetric[] =>
  [...nodesOf(node)]
    .filter(({ name }) => name === 'VectorSelector')
    .map((selector) => ({
      name: textsOf(expr, selector, 'Identifier')[0] ?? '',
      labels: textsOf(expr, selector, 'LabelName'),
    }));

/** The metrics that an expression selects, once per selector; a selector without a name has ''. Throws if it isn't PromQL. */
export const metricsOf = (expr: string): SelectedMetric[] => selectedIn(expr, parse(expr));

/** What an expression aggregates by and joins on. Throws if it isn't PromQL. */
export const groupingsOf = (expr: string): Grouping[] =>
  [...nodesOf(parse(expr))].flatMap((node) => {
    if (node.name !== 'AggregateModifier' && node.name !== 'MatchingModifierClause') return [];
    const metrics = selectedIn(expr, node.parent ?? node).map(({ name }) => name);
    return [{ labels: textsOf(expr, node, 'LabelName'), metrics }];
  });
