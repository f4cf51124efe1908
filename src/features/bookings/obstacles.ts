import { AppError } from '../../kernel/app-error.ts';
import type { QuotedLine } from '../availability/index.ts';
import { notAvailable } from '../inventory/index.ts';

const SHORTAGES = { CLOSED: 'closed', SOLD_OUT: 'sold_out' } as const;
const isShortage = (code: string): code is keyof typeof SHORTAGES => code in SHORTAGES;

/** Refuses what is known to be sold out before anything is written or locked; the ledger has the last word on the rest. */
export const refuseShortages = (lines: QuotedLine[]): void => {
  const shortages = lines.flatMap(({ request: { roomTypeId }, offer, obstacles }) =>
    obstacles.flatMap(({ code, night }) => {
      if (!isShortage(code) || !night) return [];
      const available = Math.max(0, offer.nights.find((known) => known.night === night)?.available ?? 0);
      return [{ roomTypeId, night, problem: SHORTAGES[code], available }];
    }),
  );
  if (shortages.length > 0) throw notAvailable(shortages);
};

/** Throws what keeps the lines from being booked, except shortages: fields first, then the terms of sale. */
export const refuseObstacles = (lines: QuotedLine[]): void => {
  const obstacles = lines.flatMap((line, index) =>
    line.obstacles
      .filter(({ code }) => !isShortage(code))
      .map((obstacle) => ({ ...obstacle, path: `lines.${index}${obstacle.path ? `.${obstacle.path}` : ''}` })),
  );
  const atFault = lines.some(({ obstacles: own }) => own.some(({ path }) => path !== undefined));
  const [first] = obstacles;
  if (!first) return;
  const fields = obstacles.map(({ path, message }) => ({ path, message }));
  if (atFault) {
    const code = lines.flatMap((line) => line.obstacles).find(({ path }) => path !== undefined)?.code ?? first.code;
    throw new AppError('invalid', code, 'The stay can’t be booked as asked; see the fields.', { fields });
  }
  throw new AppError('unprocessable', first.code, first.message, { fields, details: { obstacles } });
};
