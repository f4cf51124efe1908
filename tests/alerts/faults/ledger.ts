import type { Fault } from '../fault.ts';
import { asSuperuser } from '../transactions.ts';

export const ledgerFaults: Fault[] = [
  {
    name: 'Counters of the ledger are changed by hand, and the ledger is checked',
    fires: ['LedgerFaults'],
    async begin(stage) {
      const { toolbox, settings } = stage;
      // Nights that the guests at work don't come to.
      await asSuperuser(
        stage,
        `update inventory_night set sold = sold + 1 where (tenant_id, room_type_id, night) in
           (select tenant_id, room_type_id, night from inventory_night order by night desc limit 3)`,
      );
      await toolbox.run('innkeeper jobs run check-ledger', settings);
      return { mend: [{ runbook: 'LedgerFaults' }] };
    },
  },
];
