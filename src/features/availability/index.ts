export { loadOffers, type NumberedOffer, type Offer, type OfferRequest, selectOffers } from './offers.ts';
export { type LineRequest, type Obstacle, obstacle, type QuotedLine, quoteLines } from './quote.ts';
export { createAvailabilityRouter } from './router.ts';
export { createSearchIndexes } from './search-index/index.ts';
