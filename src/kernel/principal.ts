import { ALL_PERMISSIONS, type Permission } from './permissions.ts';

/** Who is calling: always of one tenant. */
export interface Principal {
  kind: 'user' | 'api_key' | 'operator';
  id: string;
  tenant: string;
  permissions: ReadonlySet<Permission>;
  /** Sees and changes only the bookings that it made itself. */
  ownBookingsOnly?: boolean;
  /** An API key that stands in web pages. */
  publishable?: boolean;
  /** The session of a user's access token. */
  session?: string;
}

/** Whoever runs the process, acting for a tenant: nobody in the database, hence the nil id. */
export const operatorOf = (tenant: string): Principal => ({
  kind: 'operator',
  id: '00000000-0000-0000-0000-000000000000',
  tenant,
  permissions: new Set(ALL_PERMISSIONS),
});
