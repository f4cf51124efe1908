export { loadOffers, type Offer, type OfferRequest } from './offers.ts';
export { type LineRequest, type Obstacle, obstacle, type QuotedLine, quoteLines } from './quote.ts';
export { createAvailabilityRouter } from './router.ts';
