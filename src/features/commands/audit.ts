import type { Ids } from '../../kernel/ids.ts';
import type { Sql } from '../../platform/db/database.ts';
import type { Caller } from './caller.ts';
import type { GuestVault } from './guest-vault.ts';
import { bytea, type Row } from './records.ts';

/** What a command did to one entity. Personal fields go into `personal` only, which is sealed under the guest's key. */
export interface AuditNote {
  entity: string;
  entityId: string;
  before?: unknown;
  after?: unknown;
  personal?: { guestId: string; before?: unknown; after?: unknown };
}

/** The note's row of audit_entry. */
export const auditRow = async (
  db: Sql,
  tools: { vault: GuestVault; ids: Ids },
  { principal, requestId }: Caller,
  { procedure, at, note }: { procedure: string; at: string; note: AuditNote },
): Promise<Row> => {
  const { personal } = note;
  const sealed =
    personal && (await tools.vault.seal(db, personal.guestId, JSON.stringify([personal.before, personal.after])));
  return {
    tenant_id: principal.tenant,
    id: tools.ids.uuid(),
    at,
    actor_kind: principal.kind,
    actor_id: principal.id,
    procedure,
    entity: note.entity,
    entity_id: note.entityId,
    before: note.before,
    after: note.after,
    sealed: sealed && bytea(sealed),
    guest_id: personal?.guestId,
    request_id: requestId,
  };
};
