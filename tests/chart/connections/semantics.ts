import { BlockList, isIPv6 } from 'node:net';
import type { Peer, Policy, PolicyPort, Selector } from './policy.ts';

type Labels = Readonly<Record<string, string>>;

/** Who sends or is sent to: a pod, or an address that is none's. */
export type Place = { name: string } & (
  | { labels: Labels; namespace: string; address?: undefined }
  | { address: string; labels?: undefined; namespace?: undefined }
);

export interface Port {
  number: number;
  protocol: 'TCP' | 'UDP';
}

const matches = ({ matchLabels, matchExpressions }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const isListed = value !== undefined && values.includes(value);
    return operator === 'In' ? isListed : !isListed;
  });

/** Kubernetes gives each namespace its name as a label. */
const namespaceLabels = (namespace: string): Labels => ({ 'kubernetes.io/metadata.name': namespace });

const isWithin = (network: string, address: string): boolean => {
  const [base = '', prefix = ''] = network.split('/');
  const family = (text: string) => (isIPv6(text) ? 'ipv6' : 'ipv4');
  if (family(base) !== family(address)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(prefix), family(base));
  return list.check(address, family(address));
};

/** Addresses of pods are not looked at: whether an ipBlock means them too is left to the network. */
const isMeant = ({ podSelector, namespaceSelector, ipBlock }: Peer, place: Place, home: string): boolean => {
  if (place.address !== undefined) {
    const { address } = place;
    if (!ipBlock || !isWithin(ipBlock.cidr, address)) return false;
    return !ipBlock.except.some((network) => isWithin(network, address));
  }
  if (!podSelector && !namespaceSelector) return false;
  const inNamespace = namespaceSelector
    ? matches(namespaceSelector, namespaceLabels(place.namespace))
    : place.namespace === home;
  return inNamespace && (!podSelector || matches(podSelector, place.labels));
};

const includes = ({ port, endPort, protocol }: PolicyPort, wanted: Port): boolean =>
  protocol === wanted.protocol && (port === undefined || (wanted.number >= port && wanted.number <= (endPort ?? port)));

/** Whether the policies of one direction let `place` be spoken with by `about`, whose policies they are. */
const lets = (
  policies: readonly Policy[],
  direction: 'Ingress' | 'Egress',
  about: Place,
  { place, port, home }: { place: Place; port: Port; home: string },
): boolean => {
  if (about.labels === undefined || about.namespace !== home) return true;
  const { labels } = about;
  const own = policies.filter(({ spec }) => spec.policyTypes.includes(direction) && matches(spec.podSelector, labels));
  if (own.length === 0) return true;
  const rules = own.flatMap(({ spec }) =>
    direction === 'Ingress'
      ? spec.ingress.map(({ from, ports }) => ({ peers: from, ports }))
      : spec.egress.map(({ to, ports }) => ({ peers: to, ports })),
  );
  return rules.some(
    ({ peers = [], ports = [] }) =>
      (peers.length === 0 || peers.some((peer) => isMeant(peer, place, home))) &&
      (ports.length === 0 || ports.some((allowed) => includes(allowed, port))),
  );
};

/**
 * Whether a connection can be made: the sender's policies let it out and the target's let it in. Policies are those of the
 * namespace `home`; whoever is elsewhere is taken to be free.
 */
export const canReach = (policies: readonly Policy[], home: string, from: Place, to: Place, port: Port): boolean =>
  lets(policies, 'Egress', from, { place: to, port, home }) &&
  lets(policies, 'Ingress', to, { place: from, port, home });
