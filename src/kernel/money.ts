/** Integer minor units of a currency (ISO 4217): 1250 EUR is 12.50 euro, 1250 JPY is 1250 yen. */
export interface Money {
  amount: number;
  currency: string;
}

/** numerator / denominator (positive) rounded half up, towards positive infinity at .5; exact for all safe integers. */
export const divideHalfUp = (numerator: bigint, denominator: bigint): number => {
  const doubled = 2n * numerator + denominator;
  const divisor = 2n * denominator;
  const quotient = doubled / divisor;
  return Number(doubled % divisor < 0n ? quotient - 1n : quotient);
};

/** `basisPoints` / 10 000 of an amount, rounded half up once. 700 basis points are 7 %. */
export const shareOf = (amount: number, basisPoints: number): number =>
  divideHalfUp(BigInt(amount) * BigInt(basisPoints), 10_000n);

export const sum = (amounts: Iterable<number>): number => {
  let total = 0;
  for (const amount of amounts) total += amount;
  return total;
};

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** True for a currency code of ISO 4217 that this runtime knows. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code);

// Intl rounds as people pay: it has no fillér for HUF and no fils for IQD.
const OTHER_THAN_TWO_DIGITS = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** Minor digits of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for BHD. */
export const minorDigits = (currency: string): number => OTHER_THAN_TWO_DIGITS.get(currency) ?? 2;
