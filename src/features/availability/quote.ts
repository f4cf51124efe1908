import { z } from 'zod';
import { AppError, invalid, notFound } from '../../kernel/app-error.ts';
import { businessDateAt, daysBetween, type LocalDate, nightsOf } from '../../kernel/dates.ts';
import { localDate } from '../../kernel/wire.ts';
import { describeRestriction, failedRestrictions, type Party, type PricedLine, priceLine } from '../rates/index.ts';
import type { Offer, OfferRequest } from './offers.ts';
import { MAX_STAY_NIGHTS, type StayFault, validateStay } from './stay-validation.ts';

export interface LineRequest extends OfferRequest {
  party: Party;
  /** Minor units a night, in place of the plan's prices. */
  nightPrices?: number[] | undefined;
}

export type ObstacleCode =
  | StayFault['code']
  | 'NOT_ON_SALE'
  | 'NO_PRICE'
  | 'CLOSED'
  | 'SOLD_OUT'
  | 'RESTRICTED'
  | 'NOT_FOUND';

/** One reason why a line can't be booked as asked. */
export const obstacle = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    path: z.string().optional().meta({ description: 'Within the line, where a field is to blame.' }),
    night: localDate.optional(),
    restriction: z.string().optional(),
    limit: z.int().optional(),
  })
  .meta({ id: 'Obstacle' });
export interface Obstacle extends z.infer<typeof obstacle> {
  code: ObstacleCode;
}

export interface QuotedLine {
  request: LineRequest;
  offer: Offer;
  /** Null while a night has no price or the stay has no nights. */
  priced: PricedLine | null;
  obstacles: Obstacle[];
}

const stayObstacles = (request: LineRequest, offer: Offer, businessDate: LocalDate): Obstacle[] =>
  validateStay({
    arrival: request.arrival,
    departure: request.departure,
    businessDate,
    party: request.party,
    capacity: offer.roomType,
  });

const saleObstacles = (request: LineRequest, offer: Offer, businessDate: LocalDate): Obstacle[] => {
  const obstacles: Obstacle[] = [];
  const { property, roomType, ratePlan } = offer;
  if (!property.active || !roomType.active || !ratePlan.active) {
    obstacles.push({ code: 'NOT_ON_SALE', message: 'This property, room type or rate plan is not on sale.' });
  }
  const nights = new Map(offer.nights.map((night) => [night.night, night]));
  for (const failed of failedRestrictions({ ...request, businessDate, nights })) {
    obstacles.push({ code: 'RESTRICTED', message: describeRestriction(failed), ...failed });
  }
  return obstacles;
};

interface OfferedLine {
  request: LineRequest;
  offer: Offer;
  /** The nights of the stay; none when it is too long to look at them one by one. */
  nights: LocalDate[];
}

/** Counts the lines of one request against each other, so that two of them never pass for one free room. */
const capacityObstacles = (lines: OfferedLine[]): Obstacle[][] => {
  const taken = new Map<string, number>();
  return lines.map(({ request, offer, nights }) => {
    const obstacles: Obstacle[] = [];
    const stay = new Set(nights);
    for (const { night, available } of offer.nights) {
      if (!stay.has(night)) continue;
      const key = `${request.roomTypeId} ${night}`;
      const before = taken.get(key) ?? 0;
      taken.set(key, before + 1);
      if (available === null) obstacles.push({ code: 'CLOSED', night, message: `The night of ${night} is closed.` });
      else if (available <= before)
        obstacles.push({ code: 'SOLD_OUT', night, message: `The night of ${night} is sold out.` });
    }
    return obstacles;
  });
};

const pricedLine = ({ request, offer, nights: stay }: OfferedLine): PricedLine | null => {
  const nights = stay.map((night, index) => ({
    night,
    price: request.nightPrices ? request.nightPrices[index] : (offer.nights[index]?.price ?? undefined),
  }));
  const complete = nights.filter((night): night is { night: LocalDate; price: number } => night.price !== undefined);
  if (complete.length === 0 || complete.length < stay.length) return null;
  return priceLine({
    nights: complete,
    party: request.party,
    occupancy: offer.ratePlan.occupancy,
    taxes: offer.property.taxes,
  });
};

/**
 * Prices and judges every line, naming every obstacle. Throws NOT_FOUND for unknown room types or plans and
 * MIXED_PROPERTIES when the lines are not of one property.
 */
export const quoteLines = (requests: LineRequest[], offers: (Offer | null)[], nowMs: number): QuotedLine[] => {
  const lines = requests.map((request, index) => {
    const offer = offers[index];
    if (!offer) throw notFound('room type with this rate plan', `lines.${index}.roomTypeId`);
    if (offer.property.id !== offers[0]?.property.id) {
      throw new AppError('unprocessable', 'MIXED_PROPERTIES', 'All lines of a booking are of one property.', {
        fields: [{ path: `lines.${index}.roomTypeId`, message: 'Of another property than the first line.' }],
      });
    }
    const tooLong = daysBetween(request.arrival, request.departure) > MAX_STAY_NIGHTS;
    const nights = tooLong ? [] : nightsOf(request.arrival, request.departure);
    if (nights.length > 0 && request.nightPrices && request.nightPrices.length !== nights.length) {
      throw invalid(`lines.${index}.nightPrices`, `Give one price for each of the ${nights.length} nights.`);
    }
    return { request, offer, nights };
  });
  const capacity = capacityObstacles(lines);
  return lines.map(({ nights, ...line }, index) => {
    const { timeZone, dayStartsAt } = line.offer.property;
    const businessDate = businessDateAt(nowMs, timeZone, dayStartsAt);
    const stay = stayObstacles(line.request, line.offer, businessDate);
    const priced = pricedLine({ ...line, nights });
    const unpriced: Obstacle[] =
      priced || nights.length === 0
        ? []
        : [{ code: 'NO_PRICE', message: 'The rate plan has no price for every night of the stay.' }];
    return {
      ...line,
      priced,
      obstacles: [
        ...stay,
        ...(nights.length === 0 ? [] : saleObstacles(line.request, line.offer, businessDate)),
        ...unpriced,
        ...(capacity[index] ?? []),
      ],
    };
  });
};
