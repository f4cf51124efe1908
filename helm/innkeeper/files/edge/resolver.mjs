// Writes the pod's name servers the way nginx reads them: nginx itself does not look into /etc/resolv.conf.

import { getServers } from 'node:dns';
import { writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

const servers = getServers().map((address) => (isIPv6(address) ? `[${address}]` : address));
writeFileSync(process.argv[2], `resolver ${servers.join(' ')} valid=5s;\n`);
