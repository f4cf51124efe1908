/**
 * Guests who search and book, for a minute, at a server of yours:
 *
 *     KEY=... k6 run load/guests.js
 *
 * KEY is a tenant's first key (`innkeeper keys tenant create`), API the server's address, http://127.0.0.1:8080 unless given. The
 * tenant gets a hotel of its own. k6 ends with 99 when a threshold is missed.
 */
import { check, fail, sleep } from 'k6';
import http from 'k6/http';

const API = __ENV.API || 'http://127.0.0.1:8080';
const DAY_MS = 86_400_000;
const NIGHTS = 60;
const ROOMS = 10_000;
const headers = { Authorization: `Bearer ${__ENV.KEY}`, 'Content-Type': 'application/json' };

export const options = {
  scenarios: {
    searching: { executor: 'constant-vus', exec: 'search', vus: 20, duration: '1m' },
    booking: { executor: 'constant-vus', exec: 'book', vus: 4, duration: '1m' },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate<0.001'],
    // A script that fails makes no requests, so none of them fails.
    iterations: ['count>200'],
    'http_req_duration{scenario:searching}': ['p(95)<500'],
    'http_req_duration{scenario:booking}': ['p(95)<1000'],
  },
};

const day = (from, days) => new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);

const uuid = () =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(Math.random() * 16).toString(16));

const answerOf = (response, what) => {
  if (response.status !== 200) fail(`${what}: ${response.status} ${response.body}`);
  return response.json('result.data');
};

const change = (procedure, input) => {
  const body = JSON.stringify({ ...input, idempotencyKey: uuid() });
  return http.post(`${API}/trpc/${procedure}`, body, { headers, tags: { name: procedure } });
};

const make = (procedure, input) => answerOf(change(procedure, input), procedure);

export const setup = () => {
  if (!__ENV.KEY) fail('KEY is not set: it is the key that `innkeeper keys tenant create SLUG NAME` prints.');
  const city = `Load ${uuid().slice(0, 8)}`;
  const place = { type: 'hotel', timeZone: 'Etc/UTC', currency: 'EUR', city };
  const { id: propertyId } = make('properties.create', { name: city, ...place });
  const room = { name: 'Double', maxAdults: 2, maxOccupancy: 2, physicalRooms: ROOMS };
  const { id: roomTypeId } = make('roomTypes.create', { propertyId, ...room });
  const { id: ratePlanId } = make('rates.createPlan', {
    ...{ propertyId, code: 'FLEX', name: 'Flexible' },
    occupancy: { includedAdults: 2, extraAdult: 0, childPrices: [] },
    terms: {
      cancellation: [{ hoursBefore: 0, fee: { kind: 'percent', basisPoints: 0 } }],
      noShow: { fee: { kind: 'percent', basisPoints: 0 }, nights: 'return' },
      prepayment: { basisPoints: 0 },
    },
  });
  const from = day(new Date().toISOString().slice(0, 10), 1);
  const entries = [{ roomTypeIds: [roomTypeId], from, until: day(from, NIGHTS), price: 12_000 }];
  make('rates.setPrices', { ratePlanId, entries });
  return { city, from, line: { roomTypeId, ratePlanId, adults: 2 } };
};

const someStay = (from) => {
  const arrival = day(from, Math.floor(Math.random() * (NIGHTS - 3)));
  return { arrival, departure: day(arrival, 1 + Math.floor(Math.random() * 3)) };
};

export const search = ({ city, from }) => {
  const input = encodeURIComponent(JSON.stringify({ city, ...someStay(from) }));
  const tags = { name: 'availability.search' };
  const response = http.get(`${API}/trpc/availability.search?input=${input}`, { headers, tags });
  check(response, { 'a room is found': (found) => found.status === 200 && found.json('result.data.items.#') === 1 });
  sleep(0.2);
};

export const book = ({ from, line }) => {
  const lines = [{ ...line, ...someStay(from) }];
  const response = change('bookings.create', { lines, booker: { name: 'Ada Lovelace' } });
  check(response, { 'it is booked': (made) => made.status === 200 && made.json('result.data.state') === 'confirmed' });
  sleep(0.5);
};
