import type { Permission } from './permissions.ts';

/** Who is calling: always of one tenant. */
export interface Principal {
  kind: 'user' | 'api_key';
  id: string;
  tenant: string;
  permissions: ReadonlySet<Permission>;
  /** The session of a user's access token. */
  session?: string;
}
