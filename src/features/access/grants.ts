import { AppError } from '../../kernel/app-error.ts';
import {
  isPermission,
  type Permission,
  PUBLISHABLE_PERMISSIONS,
  ROLE_PERMISSIONS,
  ROLES,
  type Role,
} from '../../kernel/permissions.ts';

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** What a stored role allows; a role that this version does not know allows nothing. */
export const permissionsOfRole = (role: string): ReadonlySet<Permission> =>
  new Set(isRole(role) ? ROLE_PERMISSIONS[role] : []);

/** What a stored key allows; permissions that this version does not know are left out. */
export const permissionsOfKey = (stored: readonly string[]): ReadonlySet<Permission> =>
  new Set(stored.filter(isPermission));

/** Throws AppError FORBIDDEN unless the giver holds everything that is given: nobody grants more than they have. */
export const mustHold = (giver: ReadonlySet<Permission>, given: Iterable<Permission>): void => {
  const missing = [...given].filter((permission) => !giver.has(permission));
  if (missing.length === 0) return;
  throw new AppError('forbidden', 'FORBIDDEN', 'You can only grant or govern permissions that you hold yourself.', {
    details: { missing },
  });
};

/** Throws AppError NOT_PUBLISHABLE naming what a key inside a web page must not hold. */
export const mustBePublishable = (permissions: readonly Permission[]): void => {
  const fields = permissions.flatMap((permission, i) =>
    PUBLISHABLE_PERMISSIONS.includes(permission)
      ? []
      : [{ path: `permissions.${i}`, message: `A publishable key cannot hold ${permission}.` }],
  );
  if (fields.length === 0) return;
  throw new AppError(
    'unprocessable',
    'NOT_PUBLISHABLE',
    `A publishable key can hold only ${PUBLISHABLE_PERMISSIONS.join(', ')}. Make a secret key for the rest.`,
    { fields },
  );
};
