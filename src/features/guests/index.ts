import { foldEmail, foldPhone, foldText } from '../../kernel/folding.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Command } from '../commands/index.ts';
import { type Guest, GuestEntity } from './entity.ts';
import type { BookerInput, BookerOutput } from './schemas.ts';

export { foldEmail, foldPhone } from '../../kernel/folding.ts';
export { type Guest, GuestEntity } from './entity.ts';
export { type BookerInput, type BookerOutput, bookerInput, bookerOutput } from './schemas.ts';

/** Adds a guest with a key of its own to the running command, flushed, so that personal data can be sealed at once. */
export const createGuest = async (command: Command, ids: Ids, booker: BookerInput): Promise<Guest> => {
  const guest = command.em.create(GuestEntity, {
    id: ids.uuid(),
    tenantId: command.caller.principal.tenant,
    name: booker.name,
    nameKey: foldText(booker.name),
    email: booker.email ?? null,
    emailKey: booker.email ? foldEmail(booker.email) : null,
    phone: booker.phone ?? null,
    phoneKey: booker.phone ? foldPhone(booker.phone) : null,
    country: booker.country ?? null,
    erasedAt: null,
    createdAt: command.nowIso,
  });
  command.em.persist(guest);
  await command.em.flush();
  await command.vault.createKey(command.sql, guest.id);
  return guest;
};

export const toBooker = ({ id, name, email, phone, country }: Guest): BookerOutput => ({
  guestId: id,
  name,
  email: email ?? null,
  phone: phone ?? null,
  country: country ?? null,
});
