import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The account that runs the servers when Innkeeper itself runs as root, which PostgreSQL refuses. */
export interface Identity {
  uid: number;
  gid: number;
}

const ACCOUNTS = ['postgres', 'nobody'];

/** The account to run the servers as; undefined means the current one. Data that exists decides over /etc/passwd. */
export async function serverIdentity(folder: string): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  if (process.platform !== 'linux') {
    throw new Error('The embedded PostgreSQL cannot run as root here. Start as an ordinary user, or set DATABASE_URL.');
  }
  const dataOwner = await stat(join(folder, 'primary')).catch(() => undefined);
  if (dataOwner && dataOwner.uid !== 0) return { uid: dataOwner.uid, gid: dataOwner.gid };
  const accounts = parseAccounts(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const found = ACCOUNTS.map((name) => accounts.get(name)).find((account) => account !== undefined);
  if (found) return found;
  throw new Error(
    `PostgreSQL does not run as root and /etc/passwd has no account named ${ACCOUNTS.join(' or ')}. ` +
      'Create one, start as an ordinary user, or set DATABASE_URL.',
  );
}

function parseAccounts(passwd: string): Map<string, Identity> {
  const accounts = new Map<string, Identity>();
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid && Number(uid) > 0) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}
