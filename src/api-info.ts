/** What the API document says of itself; the version is that of the API's shape, not of the package. */
export const apiInfo = {
  title: 'Innkeeper',
  version: '1.0.0',
  description:
    'Books hotels and stays, and never sells a night twice. Dates are the property’s local dates, money is in integer minor units, and every change takes an idempotency key: the same key and body answer the same again.',
};
