import { sql } from 'kysely';
import { AppError, invalid, notFound } from '../../kernel/app-error.ts';
import { businessDateAt } from '../../kernel/dates.ts';
import type { Ids } from '../../kernel/ids.ts';
import { faultCode } from '../../platform/db/faults.ts';
import type { Command } from '../commands/index.ts';
import { cancellationFee, noShowFee } from './cancellation.ts';
import type { BookingLine } from './entity.ts';
import type { BookingOutput, CheckInInput, LinesCommand } from './schemas.ts';
import { move } from './states.ts';
import { canCheckIn, canMarkNoShow, nightsAfterCheckOut, nightsAfterNoShow } from './stay-policy.ts';
import { type Transition, transition } from './transition.ts';

const businessDateOf = ({ terms }: BookingLine, nowMs: number) =>
  businessDateAt(nowMs, terms.timeZone, terms.dayStartsAt);

const feeLine = (line: BookingLine) => ({
  arrival: line.arrival,
  total: line.total,
  nights: line.nights.map(({ night, price, extras }) => ({ night, amount: price + extras })),
});

/** What cancelling the line now would cost, by its frozen terms; a hold costs nothing. */
export const feeOfCancelling = (line: BookingLine, nowMs: number) => {
  const { terms } = line;
  const { fee, hoursBefore } = cancellationFee({
    terms: terms.cancellation,
    line: feeLine(line),
    checkInTime: terms.checkInTime,
    timeZone: terms.timeZone,
    nowMs,
  });
  return { fee: line.state === 'held' ? 0 : fee, hoursBefore };
};

const holdExpired = () =>
  new AppError('conflict', 'HOLD_EXPIRED', 'The hold is over and its rooms are on sale again. Make a new hold.');

export const confirm = (command: Command, bookingId: string): Promise<BookingOutput> =>
  transition(command, {
    bookingId,
    lineIds: undefined,
    move: 'confirm',
    event: 'booking.confirmed',
    decide(line) {
      const over = line.state === 'held' && line.holdExpiresAt && Date.parse(line.holdExpiresAt) <= command.nowMs;
      if (line.state === 'expired' || over) throw holdExpired();
      return { state: move(line.state, 'confirm'), countedUntil: line.countedUntil };
    },
  });

export const cancel = (command: Command, input: LinesCommand): Promise<BookingOutput> =>
  transition(command, {
    ...input,
    lineIds: input.lineIds,
    move: 'cancel',
    event: 'booking.cancelled',
    decide: (line) => ({
      state: move(line.state, 'cancel'),
      countedUntil: line.arrival,
      fee: feeOfCancelling(line, command.nowMs).fee,
    }),
  });

/** Puts lines into a room each, of their own type, for their whole stay. Throws NOT_FOUND, ROOM_OF_OTHER_TYPE or ROOM_OCCUPIED. */
const assignRooms =
  (command: Command, ids: Ids, rooms: CheckInInput['rooms']): NonNullable<Transition['andThen']> =>
  async (_booking, lines) => {
    const again = rooms.findIndex(({ lineId }, index) => rooms.findIndex((room) => room.lineId === lineId) < index);
    if (again >= 0) throw invalid(`rooms.${again}.lineId`, 'Another room is given to this line.');
    // In room order, so that two check-ins into the same rooms wait for each other instead of deadlocking.
    for (const { lineId, roomId } of rooms.toSorted((a, b) => (a.roomId < b.roomId ? -1 : 1))) {
      const index = rooms.findIndex((room) => room.lineId === lineId);
      const line = lines.find(({ id }) => id === lineId);
      if (!line) throw invalid(`rooms.${index}.lineId`, 'Not a line that is checked in by this call.');
      const { rows } = await sql<{ room_type_id: string; active: boolean }>`
        select room_type_id, active from room where tenant_id = app.tenant() and id = ${roomId}`.execute(command.sql);
      const room = rows[0];
      if (!room?.active) throw notFound('room', `rooms.${index}.roomId`);
      if (room.room_type_id !== line.roomTypeId) {
        throw new AppError('unprocessable', 'ROOM_OF_OTHER_TYPE', 'The room is not of the type that was booked.', {
          fields: [{ path: `rooms.${index}.roomId`, message: 'Of another room type than the line.' }],
        });
      }
      await sql`
        insert into room_stay (id, room_id, room_type_id, kind, line_id, during, created_at)
        values (${ids.uuid()}, ${roomId}, ${line.roomTypeId}, 'stay', ${line.id},
          daterange(${line.arrival}::date, ${line.departure}::date), ${command.nowIso})`
        .execute(command.sql)
        .catch((cause: unknown) => {
          if (faultCode(cause) !== '23P01') throw cause;
          const message = 'The room is taken or blocked on a night of this stay. Choose another.';
          const fields = [{ path: `rooms.${index}.roomId`, message: 'Taken or blocked.' }];
          throw new AppError('conflict', 'ROOM_OCCUPIED', message, { fields, cause });
        });
    }
  };

export const checkIn = (command: Command, ids: Ids, input: CheckInInput): Promise<BookingOutput> =>
  transition(command, {
    bookingId: input.bookingId,
    lineIds: input.lineIds,
    move: 'checkIn',
    event: 'booking.checked_in',
    decide(line) {
      canCheckIn(line, businessDateOf(line, command.nowMs));
      return { state: 'checked_in', countedUntil: line.countedUntil };
    },
    andThen: assignRooms(command, ids, input.rooms),
  });

/** Shortens what the rooms are taken for to the nights that still count. */
const freeRooms = async (
  command: Command,
  lines: BookingLine[],
  until: (line: BookingLine) => string,
): Promise<void> => {
  for (const line of lines) {
    const end = until(line);
    await sql`
      delete from room_stay
      where tenant_id = app.tenant() and line_id = ${line.id} and lower(during) >= ${end}::date`.execute(command.sql);
    await sql`
      update room_stay set during = daterange(lower(during), ${end}::date)
      where tenant_id = app.tenant() and line_id = ${line.id} and upper(during) > ${end}::date`.execute(command.sql);
  }
};

export const checkOut = (command: Command, input: LinesCommand): Promise<BookingOutput> => {
  const countedUntil = (line: BookingLine) =>
    nightsAfterCheckOut({ ...line, businessDate: businessDateOf(line, command.nowMs) });
  return transition(command, {
    bookingId: input.bookingId,
    lineIds: input.lineIds,
    move: 'checkOut',
    event: 'booking.checked_out',
    decide: (line) => ({ state: move(line.state, 'checkOut'), countedUntil: countedUntil(line) }),
    andThen: (_booking, lines) => freeRooms(command, lines, countedUntil),
  });
};

export const noShow = (command: Command, input: LinesCommand): Promise<BookingOutput> =>
  transition(command, {
    bookingId: input.bookingId,
    lineIds: input.lineIds,
    move: 'noShow',
    event: 'booking.no_show',
    decide(line) {
      const businessDate = businessDateOf(line, command.nowMs);
      canMarkNoShow(line, businessDate);
      const keep = line.terms.noShow.nights === 'keep';
      return {
        state: move(line.state, 'noShow'),
        countedUntil: nightsAfterNoShow({ ...line, businessDate, keep }),
        fee: noShowFee(line.terms.noShow.fee, feeLine(line)),
      };
    },
  });
