import { foldEmail, foldPhone, foldText } from '../../kernel/folding.ts';
import type { Guest } from './entity.ts';
import type { BookerInput, BookerOutput } from './schemas.ts';

export { foldEmail, foldPhone } from '../../kernel/folding.ts';
export { type Guest, GuestEntity } from './entity.ts';
export { type BookerInput, type BookerOutput, bookerInput, bookerOutput } from './schemas.ts';

/** A guest who books for the first time; nothing is written. */
export const newGuest = (id: string, tenantId: string, nowIso: string, booker: BookerInput): Guest => ({
  id,
  tenantId,
  name: booker.name,
  nameKey: foldText(booker.name),
  email: booker.email ?? null,
  emailKey: booker.email ? foldEmail(booker.email) : null,
  phone: booker.phone ?? null,
  phoneKey: booker.phone ? foldPhone(booker.phone) : null,
  country: booker.country ?? null,
  erasedAt: null,
  createdAt: nowIso,
});

/** The guest's row of its table, as JSON by column. */
export const guestRow = (guest: Guest): Record<string, unknown> => ({
  tenant_id: guest.tenantId,
  id: guest.id,
  name: guest.name,
  name_key: guest.nameKey,
  email: guest.email,
  email_key: guest.emailKey,
  phone: guest.phone,
  phone_key: guest.phoneKey,
  country: guest.country,
  erased_at: guest.erasedAt,
  created_at: guest.createdAt,
});

export const toBooker = ({ id, name, email, phone, country }: Guest): BookerOutput => ({
  guestId: id,
  name,
  email: email ?? null,
  phone: phone ?? null,
  country: country ?? null,
});
