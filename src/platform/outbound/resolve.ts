import { lookup, Resolver } from 'node:dns/promises';
import type { Resolve } from './guarded-lookup.ts';

const TRY_MS = 2_000;
const TRIES = 2;

/**
 * Asks the name servers, over sockets of its own: the system's look-up has a few threads for the whole process, which a
 * stranger's dead name server could keep busy. It does not read /etc/hosts.
 */
const askNameServers = (): Resolve => {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  return async (host) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
    ];
    if (addresses.length === 0 && four.status === 'rejected') throw four.reason;
    return addresses;
  };
};

/** The system's look-up, names of a closed network and /etc/hosts among them. */
const askSystem: Resolve = async (host) => {
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** How names are resolved: as the system does where private addresses are allowed, else by name servers only. */
export const resolverFor = (allowPrivate: boolean): Resolve => (allowPrivate ? askSystem : askNameServers());
