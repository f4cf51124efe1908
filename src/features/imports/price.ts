/** `$1,708.00`: the dollar sign stands before prices in any currency. */
const AMOUNT = /^\$?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d+))?$/;
const MAX_PRICE = 100_000_000_000;

/** Minor units of a price text, exactly; null unless it is an amount above zero that the currency's `digits` can hold. */
export const priceOf = (text: string, digits: number): number | null => {
  const [matched, whole = '', fraction = ''] = AMOUNT.exec(text) ?? [];
  if (matched === undefined || /[1-9]/.test(fraction.slice(digits))) return null;
  const amount = Number(whole.replaceAll(',', '') + fraction.slice(0, digits).padEnd(digits, '0'));
  return amount > 0 && amount <= MAX_PRICE ? amount : null;
};
