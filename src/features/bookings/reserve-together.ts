import { AppError } from '../../kernel/app-error.ts';
import type { Ids } from '../../kernel/ids.ts';
import { type NumberedOffer, type QuotedLine, quoteLines, selectOffers } from '../availability/index.ts';
import type { Batch, KeyedCall, Outcome } from '../commands/index.ts';
import { type FreeNight, notAvailable } from '../inventory/index.ts';
import { draftBooking, nightsTaken, type Target } from './draft.ts';
import { reserveNights } from './new-rows.ts';
import { refuseObstacles } from './obstacles.ts';
import { toLineRequest } from './reserve.ts';
import type { BookingOutput, CreateInput, LineInput } from './schemas.ts';
import { shareOut } from './share-out.ts';

/** A call for one room that gives up nothing for it. */
export interface ReserveCall extends KeyedCall {
  input: CreateInput;
  line: LineInput;
  target: (nowMs: number) => Target;
}

interface Wanted {
  call: ReserveCall;
  line: QuotedLine;
}

const stayOf = ({ line }: ReserveCall): string =>
  `${line.roomTypeId} ${line.ratePlanId} ${line.arrival} ${line.departure}`;

/**
 * Makes bookings of one room each in the order of their calls: each is answered as if it had come
 * alone, at the same instant. Written are those that there are rooms for, in one round trip unless others were faster.
 */
export const reserveTogether = async (
  batch: Batch<ReserveCall, BookingOutput>,
  ids: Ids,
  calls: readonly ReserveCall[],
): Promise<ReadonlyMap<ReserveCall, Outcome<BookingOutput>>> => {
  const { nowMs, nowIso } = batch;
  const outcomes = new Map<ReserveCall, Outcome<BookingOutput>>();
  const stays = [...new Map(calls.map((call) => [stayOf(call), call])).values()];
  const { fresh, rows } = await batch.claim<NumberedOffer>(
    selectOffers(
      stays.map(({ line }) => line),
      { nowIso },
    ),
  );
  const offers = new Map(
    rows.map(({ line, ...offer }) => {
      const stay = stays[line - 1];
      return [stay ? stayOf(stay) : '', offer];
    }),
  );

  let wanted = fresh.flatMap((call): Wanted[] => {
    try {
      const [line] = quoteLines([toLineRequest(call.line)], [offers.get(stayOf(call)) ?? null], nowMs);
      if (!line) return [];
      refuseObstacles([line]);
      return [{ call, line }];
    } catch (error) {
      outcomes.set(call, error instanceof AppError ? { refusal: error } : 'alone');
      return [];
    }
  });

  const serve = (free: Iterable<FreeNight>): void => {
    const shortages = shareOut(
      wanted.map(({ call }) => call.line),
      free,
    );
    wanted = wanted.filter(({ call }, index) => {
      const own = shortages[index] ?? [];
      if (own.length > 0) outcomes.set(call, { refusal: notAvailable(own) });
      return own.length === 0;
    });
  };

  const write = async (): Promise<FreeNight[] | null> => {
    const drafts = wanted.map(({ call, line }) => ({
      call,
      draft: draftBooking(ids, { caller: call.caller, nowIso }, call.input, [line], call.target(nowMs)),
    }));
    const changes = wanted.flatMap(({ call }) => nightsTaken([call.line], call.target(nowMs)));
    const done = drafts.map(({ call, draft: { answer, guest, note } }) => ({ call, answer, note, guestId: guest.id }));
    const left = await reserveNights(
      batch,
      drafts.map(({ draft }) => draft),
      changes,
      () => batch.records(done),
    );
    if (left) return left;
    batch.wroteEvents();
    for (const { call, answer } of done) outcomes.set(call, { answer });
    return null;
  };

  serve(
    [...offers.values()].flatMap(({ roomType, nights }) =>
      nights.map((night) => ({ ...night, roomTypeId: roomType.id })),
    ),
  );
  const left = wanted.length > 0 ? await write() : null;
  if (!left) return outcomes;
  serve(left);
  if (wanted.length > 0 && (await write())) throw new Error('locked nights were taken by somebody else');
  return outcomes;
};
