import { AppError } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import { type Caller, type Commands, createBatching } from '../commands/index.ts';
import type { Target } from './draft.ts';
import { reserve } from './reserve.ts';
import { type ReserveCall, reserveTogether } from './reserve-together.ts';
import type { BookingOutput, CreateInput, LineInput } from './schemas.ts';

/** Overriding a price is a permission of its own, on top of the procedure's. */
export const mayPrice = ({ principal }: Caller, lines: LineInput[]): void => {
  const index = lines.findIndex(({ nightPrices }) => nightPrices !== undefined);
  if (index < 0 || principal.permissions.has('priceOverrides:manage')) return;
  throw new AppError('forbidden', 'FORBIDDEN', 'Overriding prices needs the permission priceOverrides:manage.', {
    fields: [{ path: `lines.${index}.nightPrices`, message: 'Not permitted.' }],
    details: { permission: 'priceOverrides:manage' },
  });
};

/** How bookings of one tenant share transactions in a process: so many in one, and so many such at once. */
export interface Sharing {
  most: number;
  atOnce: number;
}

/** Bigger batches make all clients wait for one and then the server for all clients. */
const SHARING: Sharing = { most: 16, atOnce: 2 };

/**
 * Makes bookings and holds. One of a single room shares its transaction with others that come at the same time; any other
 * has its own.
 */
export const createReserveRooms = ({ commands, ids }: { commands: Commands; ids: Ids }, sharing = SHARING) => {
  const together = createBatching({
    ...sharing,
    run: (calls: ReserveCall[]) =>
      commands.runTogether<ReserveCall, BookingOutput>(calls, (batch) => reserveTogether(batch, ids, calls)),
  });
  return async (
    caller: Caller,
    procedure: string,
    input: CreateInput,
    target: (nowMs: number) => Target,
  ): Promise<BookingOutput> => {
    mayPrice(caller, input.lines);
    const [line, ...more] = input.lines;
    if (line && more.length === 0 && !input.replacesHold) {
      const call = { caller, procedure, input, line, target };
      const outcome = await together(caller.principal.tenant, call);
      if (outcome !== 'alone') {
        if ('refusal' in outcome) throw outcome.refusal;
        return outcome.answer;
      }
    }
    return await commands.run(caller, procedure, input, (command) =>
      reserve(command, ids, input, target(command.nowMs)),
    );
  };
};
