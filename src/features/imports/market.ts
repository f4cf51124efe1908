/** What the files do not say about their properties. */
export interface Market {
  city: string;
  country: string | null;
  /** IANA name. */
  timeZone: string;
  /** Of the calendar's prices, whose dollar sign says nothing. */
  currency: string;
  dayStartsAt: string;
}
