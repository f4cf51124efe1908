const AREAS = [
  'account',
  'properties',
  'rates',
  'inventory',
  'availability',
  'bookings',
  'bookingLookup',
  'frontDesk',
  'priceOverrides',
  'guests',
  'events',
  'audit',
  'users',
  'apiKeys',
  'webhooks',
  'clock',
  'performance',
] as const;
export type Area = (typeof AREAS)[number];
export type Permission = `${Area}:${'read' | 'manage'}`;

export const ALL_PERMISSIONS: readonly Permission[] = AREAS.flatMap((area): Permission[] => [
  `${area}:read`,
  `${area}:manage`,
]);

export const isPermission = (text: string): text is Permission => (ALL_PERMISSIONS as readonly string[]).includes(text);

const allOf = (...areas: Area[]): Permission[] =>
  areas.flatMap((area): Permission[] => [`${area}:read`, `${area}:manage`]);
const readsOf = (...areas: Area[]): Permission[] => areas.map((area): Permission => `${area}:read`);

export const ROLES = ['owner', 'manager', 'front_desk', 'housekeeping', 'accountant', 'read_only', 'booker'] as const;
export type Role = (typeof ROLES)[number];

/** One's own: who am I, and signing out. Every role has it. */
const OWN = allOf('account');

/** What each role may do; `manage` of an area does not imply its `read`, so both are listed. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: ALL_PERMISSIONS,
  manager: [
    ...OWN,
    ...allOf('properties', 'rates', 'inventory', 'bookings', 'frontDesk', 'priceOverrides', 'guests', 'webhooks'),
    ...readsOf('availability', 'bookingLookup', 'events', 'audit', 'users'),
  ],
  front_desk: [
    ...OWN,
    ...allOf('bookings', 'frontDesk', 'guests'),
    ...readsOf('properties', 'rates', 'inventory', 'availability', 'bookingLookup'),
  ],
  housekeeping: [...OWN, ...readsOf('properties', 'inventory')],
  accountant: [...OWN, ...readsOf('properties', 'rates', 'bookings', 'guests', 'events', 'audit')],
  read_only: [...OWN, ...readsOf('properties', 'rates', 'inventory', 'availability', 'bookings', 'events')],
  booker: [...OWN, ...readsOf('properties', 'rates', 'availability', 'bookingLookup'), ...allOf('bookings')],
};

/** Guests with an account: their permissions reach their own bookings only. */
export const OWN_BOOKINGS_ROLES: readonly Role[] = ['booker'];

/** All that a key inside a web page may ever hold. */
export const PUBLISHABLE_PERMISSIONS: readonly Permission[] = readsOf('properties', 'availability', 'bookingLookup');
