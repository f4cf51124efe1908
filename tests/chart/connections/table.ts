import { podOf } from '../pods/pod.ts';
import { manifestsOf } from '../rendering/helm.ts';
import { type ManifestObject, objectsIn } from '../rendering/manifest.ts';
import type { Case } from './cases.ts';
import { forgotten, HOME, others, ports } from './places.ts';
import { policiesIn } from './policy.ts';
import { canReach, type Place, type Port } from './semantics.ts';

const HEAD = `# Connections that the NetworkPolicies leave

Who may reach whom, on which of the ports that somebody could be found on (\`any\`: on every one), computed from what the chart renders.
\`node tests/chart/connections.ts\` compares; with \`--write\` it writes this file. Whoever is not listed under a heading reaches nobody in the
release and is reached by nobody. The kubelet of a pod's node always reaches it, for probes.

*Anyone else* are ${others.map(({ name }) => name).join(', ')}.
`;

const podsOf = (objects: readonly ManifestObject[]): Place[] =>
  objects.flatMap((object) => {
    const labels = podOf(object)?.metadata.labels;
    return labels ? [{ name: object.metadata.name.replace(/^innkeeper-/, ''), namespace: HOME, labels }] : [];
  });

const portsText = (open: readonly Port[]): string =>
  open.length === ports.length
    ? 'any'
    : open.map(({ number, protocol }) => (protocol === 'UDP' ? `${number}/UDP` : String(number))).join(' ');

/** Whom a place reaches, or is reached by, as words: what all others have in common is said once. */
const inWords = (own: readonly Place[], openPorts: (other: Place) => Port[]): string[] => {
  const common = ports.filter((port) => others.every((other) => openPorts(other).includes(port)));
  const rest = [...own, ...others].map((place): [string, Port[]] => [
    place.name,
    openPorts(place).filter((port) => own.includes(place) || !common.includes(port)),
  ]);
  return [...rest, ['anyone else', common] satisfies [string, Port[]]].flatMap(([name, open]) =>
    open.length > 0 ? [`${name}: ${portsText(open)}`] : [],
  );
};

/** The section of one set of values. */
const sectionOf = async ({ name, values, made = [] }: Case): Promise<string> => {
  const objects = objectsIn(await manifestsOf(values));
  const policies = policiesIn(objects);
  const own = [...podsOf(objects), ...made, forgotten];
  const between = (from: Place, to: Place): Port[] =>
    from === to ? [] : ports.filter((port) => canReach(policies, HOME, from, to, port));
  const rows = own.flatMap((place) => {
    const reaches = inWords(own, (other) => between(place, other));
    const reachedBy = inWords(own, (other) => between(other, place));
    return [`| ${place.name} | ${reaches.join('<br>')} | ${reachedBy.join('<br>')} |`];
  });
  return [`## ${name}`, '', '| pod | reaches | is reached by |', '|---|---|---|', ...rows, ''].join('\n');
};

/** The whole table, as Markdown. */
export const tableOf = async (cases: readonly Case[]): Promise<string> =>
  [HEAD, ...(await Promise.all(cases.map(sectionOf)))].join('\n');
