/** A city's name as lists compare it: lower case, without accents, single spaces. */
export const foldCity = (city: string): string =>
  city.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
