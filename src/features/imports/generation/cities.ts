import type { Market } from '../market.ts';

/** A place that listings are put into, and how its prices compare with those of the listings' own. */
export interface City extends Market {
  latitude: number;
  longitude: number;
  priceLevel: number;
}

const city =
  (country: string, timeZone: string, currency: string) =>
  (name: string, latitude: number, longitude: number, priceLevel: number): City => ({
    ...{ city: name, country, timeZone, currency, dayStartsAt: '04:00' },
    ...{ latitude, longitude, priceLevel },
  });

const austria = city('AT', 'Europe/Vienna', 'EUR');
const belgium = city('BE', 'Europe/Brussels', 'EUR');
const france = city('FR', 'Europe/Paris', 'EUR');
const germany = city('DE', 'Europe/Berlin', 'EUR');
const greece = city('GR', 'Europe/Athens', 'EUR');
const italy = city('IT', 'Europe/Rome', 'EUR');
const netherlands = city('NL', 'Europe/Amsterdam', 'EUR');
const portugal = city('PT', 'Europe/Lisbon', 'EUR');
const spain = city('ES', 'Europe/Madrid', 'EUR');
const britain = city('GB', 'Europe/London', 'GBP');

/** All in currencies of two digits, as the listings' prices are. */
export const CITIES: readonly City[] = [
  belgium('Antwerp', 51.2194, 4.4025, 1),
  belgium('Brussels', 50.8503, 4.3517, 1.1),
  belgium('Ghent', 51.0543, 3.7174, 1.1),
  belgium('Bruges', 51.2093, 3.2247, 1.2),
  netherlands('Amsterdam', 52.3676, 4.9041, 1.9),
  netherlands('Rotterdam', 51.9244, 4.4777, 1.2),
  france('Paris', 48.8566, 2.3522, 1.7),
  france('Lyon', 45.764, 4.8357, 1),
  france('Bordeaux', 44.8378, -0.5792, 1.1),
  france('Marseille', 43.2965, 5.3698, 1),
  germany('Berlin', 52.52, 13.405, 1.1),
  germany('Hamburg', 53.5511, 9.9937, 1.2),
  germany('Munich', 48.1351, 11.582, 1.5),
  germany('Cologne', 50.9375, 6.9603, 1.1),
  austria('Vienna', 48.2082, 16.3738, 1.1),
  austria('Salzburg', 47.8095, 13.055, 1.3),
  city('CZ', 'Europe/Prague', 'CZK')('Prague', 50.0755, 14.4378, 22),
  city('PL', 'Europe/Warsaw', 'PLN')('Kraków', 50.0647, 19.945, 3),
  city('DK', 'Europe/Copenhagen', 'DKK')('Copenhagen', 55.6761, 12.5683, 10),
  city('SE', 'Europe/Stockholm', 'SEK')('Stockholm', 59.3293, 18.0686, 11),
  city('NO', 'Europe/Oslo', 'NOK')('Oslo', 59.9139, 10.7522, 12),
  city('IE', 'Europe/Dublin', 'EUR')('Dublin', 53.3498, -6.2603, 1.6),
  britain('London', 51.5074, -0.1278, 1.5),
  britain('Edinburgh', 55.9533, -3.1883, 1.4),
  britain('Manchester', 53.4808, -2.2426, 1),
  city('CH', 'Europe/Zurich', 'CHF')('Zürich', 47.3769, 8.5417, 1.6),
  italy('Rome', 41.9028, 12.4964, 1.4),
  italy('Milan', 45.4642, 9.19, 1.4),
  italy('Venice', 45.4408, 12.3155, 1.7),
  italy('Florence', 43.7696, 11.2558, 1.4),
  italy('Naples', 40.8518, 14.2681, 1),
  spain('Barcelona', 41.3874, 2.1686, 1.5),
  spain('Madrid', 40.4168, -3.7038, 1.2),
  spain('Seville', 37.3891, -5.9845, 1),
  spain('València', 39.4699, -0.3763, 1),
  portugal('Lisbon', 38.7223, -9.1393, 1.1),
  portugal('Porto', 41.1579, -8.6291, 0.9),
  greece('Athens', 37.9838, 23.7275, 0.8),
  greece('Thessaloniki', 40.6401, 22.9444, 0.7),
  city('HU', 'Europe/Budapest', 'EUR')('Budapest', 47.4979, 19.0402, 0.8),
];
