import { dashboardOf } from './build/dashboard.ts';
import { processVariables } from './build/variables.ts';
import { bookings } from './ledger/bookings.ts';
import { now } from './ledger/now.ts';
import { transactions } from './ledger/transactions.ts';

export const ledger = dashboardOf('ledger', {
  description: 'What is sold, refused and held, and whether the ledger keeps its promises.',
  variables: processVariables(),
  sections: [now, bookings, transactions],
});
