import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

const peerOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? '';

/**
 * Answers how to find a request's client: the peer, or whom trusted proxies name in X-Forwarded-For. `proxies` are how many
 * stand before the server, or their addresses and networks.
 */
export const clientAddress = (
  proxies: number | readonly string[] | undefined,
): ((request: IncomingMessage) => string) => {
  if (proxies === undefined) return peerOf;
  const trusts =
    typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : proxyAddr.compile([...proxies]);
  // A client that has left has no peer's address any more.
  return (request) => (peerOf(request) === '' ? '' : proxyAddr(request, trusts));
};
