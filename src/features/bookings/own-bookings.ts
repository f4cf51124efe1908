import type { Principal } from '../../kernel/principal.ts';

/** The bookings that a caller may see and change, as a condition on the entity: all of the tenant, or a booker's own. */
export const bookingsOf = ({ ownBookingsOnly, id }: Principal): { userId?: string } =>
  ownBookingsOnly ? { userId: id } : {};
