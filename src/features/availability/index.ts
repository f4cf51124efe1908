export { loadOffers, type Offer, type OfferRequest } from './offers.ts';
export { type LineRequest, type Obstacle, type QuotedLine, quoteLines } from './quote.ts';
