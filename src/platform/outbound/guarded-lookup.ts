import { isIP, type LookupFunction } from 'node:net';
import { OutboundError } from './outbound-error.ts';
import { isPublicAddress } from './public-address.ts';

interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** All addresses of a host name; the shape of `dns.promises.lookup(host, { all: true })`. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

/**
 * A lookup for sockets that resolves a name once and hands on exactly the addresses it has checked, or none where one
 * of them is not public and `allowPrivate` is false. Fails with OutboundError.
 */
export const guardedLookup = (resolve: Resolve, allowPrivate: boolean): LookupFunction => {
  const checked = async (host: string): Promise<[ResolvedAddress, ...ResolvedAddress[]]> => {
    const addresses = await resolve(host).catch((cause: unknown) => {
      throw new OutboundError('DNS_FAILED', cause);
    });
    const [first, ...others] = addresses;
    if (!first || addresses.some(({ address }) => isIP(address) === 0)) throw new OutboundError('DNS_FAILED');
    if (!allowPrivate && addresses.some(({ address }) => !isPublicAddress(address))) {
      throw new OutboundError('ADDRESS_NOT_ALLOWED');
    }
    return [first, ...others];
  };
  return (host, options, callback) => {
    checked(host).then(
      (addresses) =>
        options.all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family),
      (error: OutboundError) => callback(error, ''),
    );
  };
};
