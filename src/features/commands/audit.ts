import { sql } from 'kysely';
import type { Ids } from '../../kernel/ids.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';

/** What a command did to one entity. Personal fields go into `personal` only, which is sealed under the guest's key. */
export interface AuditNote {
  entity: string;
  entityId: string;
  before?: unknown;
  after?: unknown;
  personal?: { guestId: string; before?: unknown; after?: unknown };
}

export const writeAudit = async (
  db: Sql,
  tools: { vault: GuestVault; ids: Ids },
  caller: Caller,
  entry: { procedure: string; at: string; note: AuditNote },
): Promise<void> => {
  const { note } = entry;
  const guestId = note.personal?.guestId ?? null;
  const sealed = note.personal
    ? await tools.vault.seal(db, note.personal.guestId, JSON.stringify([note.personal.before, note.personal.after]))
    : null;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await sql`
    insert into audit_entry
      (id, at, actor_kind, actor_id, procedure, entity, entity_id, before, after, sealed, guest_id, request_id)
    values (${tools.ids.uuid()}, ${entry.at}, ${caller.principal.kind}, ${caller.principal.id}, ${entry.procedure},
      ${note.entity}, ${note.entityId}, ${json(note.before)}, ${json(note.after)}, ${sealed}, ${guestId},
      ${caller.requestId})`.execute(db);
};
