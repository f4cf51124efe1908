import type { Ids } from '../../kernel/ids.ts';
import { newScope } from '../../platform/db/scope.ts';
import { allowStatements } from '../../platform/db/statement-time.ts';
import type { Caller, Command, Commands } from '../commands/index.ts';
import { type ImportedProperty, importedProperties } from './imported-property.ts';
import type { ListingCalendar } from './listing-calendars.ts';
import type { Market } from './market.ts';
import type { StayDates } from './stay-calendar.ts';
import { writeNights } from './write-nights.ts';
import { writeProperties } from './write-properties.ts';

/** A chunk has tens of thousands of nights: more work than a request's statement may take. */
const STATEMENT_TIMEOUT_MS = 120_000;

/** Another import made all of the chunk's listings meanwhile. */
class NothingNew extends Error {}

const audit = (command: Command, { listing, calendar, ...ids }: ImportedProperty, market: Market): void => {
  command.announce('property.changed', { propertyId: ids.propertyId });
  const { city, country, currency } = market;
  command.audit({
    entity: 'property',
    entityId: ids.propertyId,
    after: {
      ...listing,
      city,
      country,
      currency,
      roomTypeId: ids.roomTypeId,
      roomId: ids.roomId,
      ratePlanId: ids.ratePlanId,
      nights: calendar.rates && { from: calendar.rates.from, count: calendar.rates.nights.length },
      blocks: calendar.blocks.length,
    },
  });
};

/**
 * Writes some listings in one transaction with an audit entry each; those that have a property already stay as they
 * are. `onWritten` is told of the others once they are committed.
 */
export const createChunkWriter =
  (
    deps: { commands: Commands; ids: Ids },
    caller: Caller,
    { procedure, market, dates }: { procedure: string; market: Market; dates: StayDates },
    onWritten: (made: ListingCalendar[]) => void,
  ) =>
  async (chunk: readonly ListingCalendar[]): Promise<void> => {
    const properties = importedProperties(chunk, dates, deps.ids);
    const scoped = { ...caller, scope: newScope(caller.principal.tenant) };
    const write = async (command: Command): Promise<Set<string>> => {
      await allowStatements(command.sql, STATEMENT_TIMEOUT_MS);
      const made = await writeProperties(command.sql, properties, market, command.nowIso);
      if (made.length === 0) throw new NothingNew();
      await writeNights(command.sql, made, command.nowIso);
      for (const property of made) audit(command, property, market);
      return new Set(made.map(({ listing }) => listing.externalRef));
    };
    try {
      const made = await deps.commands.runWithoutKey(scoped, procedure, write);
      onWritten(chunk.filter(({ listing }) => made.has(listing.externalRef)));
    } catch (error) {
      if (!(error instanceof NothingNew)) throw error;
    }
  };
