import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestConnections, CONNECTIONS_OF_POD, PATIENCE_SECONDS } from '../../../load/hpa/measured.ts';
import { createDatabase } from '../../../load/hpa/service/database.ts';
import { seeded } from '../../../load/hpa/service/random.ts';
import { createService } from '../../../load/hpa/service/service.ts';

const seconds = fc.array(
  fc.record({
    arrived: fc.nat({ max: 8_000 }),
    pods: fc.nat({ max: 12 }),
    processors: fc.integer({ min: 1, max: 32 }).map((halves) => halves / 2),
  }),
  { minLength: 1, maxLength: 40 },
);

it('every call is served, refused or waits, none is made up, and none waits longer than it has patience', () => {
  fc.assert(
    fc.property(seconds, fc.integer(), (all, seed) => {
      const service = createService(seeded(seed));
      let open = 0;
      for (const { arrived, pods, processors } of all) {
        const { served, refused, inFlight, times, busy } = service.pass(arrived, pods, processors);
        open += arrived - served - refused;
        expect(open).toBeGreaterThanOrEqual(-1e-6);
        expect(busy).toBeLessThanOrEqual(1);
        if (pods === 0) continue;
        expect(open).toBeLessThanOrEqual(inFlight + 1e-6);
        if (served > 0) expect(open / served).toBeLessThanOrEqual(PATIENCE_SECONDS + 1e-6);
        for (const time of times) expect(time).toBeGreaterThan(0);
      }
    }),
  );
});

it('beyond the best number of connections a database does less with each more', () => {
  const database = createDatabase(2);
  const most = database.rate(2 * bestConnections);
  for (const connections of [1, 20, 60, 120]) expect(database.rate(connections)).toBeLessThanOrEqual(most);
  expect(database.rate(120)).toBeLessThan(database.rate(20));
});

it('as many connections are at work as do what is asked, or it can not be done', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 12 }), (statements, pods) => {
      const database = createDatabase(2);
      const connections = pods * CONNECTIONS_OF_POD;
      const atWork = database.atWork(statements, connections);
      if (atWork === null) {
        for (let some = 1; some <= connections; some++) expect(database.rate(some)).toBeLessThan(statements);
      } else {
        expect(atWork).toBeLessThanOrEqual(connections);
        expect(Math.abs(database.rate(atWork) - statements)).toBeLessThan(statements * 1e-3 + 1e-3);
      }
    }),
  );
});
