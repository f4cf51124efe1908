import type { Application } from '../compose.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DemoTenant } from './demo-tenant.ts';
import { callAsOperator } from './operator.ts';

/** Something to try, as a line for the shell. */
export interface Suggestion {
  what: string;
  command: string;
}

const DAYS_AHEAD = 7;
const NIGHTS = 2;

const curl = (url: string, key: string, body: object) =>
  `curl -s ${url} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`;

/** Three things that work as printed; two of them need something to book. */
export const suggestionsFor = async (
  application: Application,
  clock: Clock,
  { url, demo }: { url: string; demo: DemoTenant | null },
): Promise<Suggestion[]> => {
  const ready = { what: 'Is it ready?', command: `curl -s ${url}/readyz` };
  const described = { what: 'What can it do?', command: `curl -s ${url}/openapi.json` };
  if (!demo) return [ready, described];

  const today = Temporal.PlainDate.from(clock.nowIso().slice(0, 10));
  const dates = {
    arrival: today.add({ days: DAYS_AHEAD }).toString(),
    departure: today.add({ days: DAYS_AHEAD + NIGHTS }).toString(),
  };
  // A start does not fail for want of an example.
  const { items } = await callAsOperator(application, demo.tenantId)
    .then((operator) => operator.availability.search({ ...dates, limit: 1 }))
    .catch(() => ({ items: [] }));
  const [hit] = items;
  if (!hit) {
    const command = `curl -s ${url}/api/v1/auth/me -H 'Authorization: Bearer ${demo.ownerKey}'`;
    return [ready, described, { what: 'Whose key is this?', command }];
  }
  const line = { roomTypeId: hit.roomTypeId, ratePlanId: hit.ratePlanId, ...dates, adults: 2 };
  return [
    ready,
    {
      what: `What is free in ${hit.city} in a week, cheapest first?`,
      command: curl(`${url}/api/v1/availability/search`, demo.publishableKey, { city: hit.city, ...dates }),
    },
    {
      what: 'What exactly does the first one cost?',
      command: curl(`${url}/api/v1/quotes`, demo.publishableKey, { lines: [line] }),
    },
  ];
};
