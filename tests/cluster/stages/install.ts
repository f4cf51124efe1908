import { createInnkeeperClient } from '../../../src/client/index.ts';
import { addDays } from '../../../src/kernel/dates.ts';
import { openHotel, throughService } from '../hotel.ts';
import { prometheusObjects } from '../prometheus.ts';
import { FULLNAME, RELEASE } from '../release.ts';
import type { Stage, Surroundings } from '../stage.ts';
import { BASE } from '../values.ts';

const OWN = `app.kubernetes.io/instance=${RELEASE}`;

const bookByClient = async ({ cluster }: Surroundings): Promise<string> => {
  const hotel = await openHotel(cluster, 'first');
  return throughService(cluster, `${FULLNAME}-edge`, async (url) => {
    const client = createInnkeeperClient({ url, apiKey: hotel.apiKey, retries: 0 });
    const stay = { arrival: addDays(hotel.from, 3), departure: addDays(hotel.from, 5) };
    const { roomTypeId, ratePlanId } = hotel;
    const line = { roomTypeId, ratePlanId, ...stay, adults: 2 };
    const held = await client.bookings.hold.mutate({ lines: [line], booker: { name: 'Ada Lovelace' } });
    const { state } = await client.bookings.confirm.mutate({ bookingId: held.id });
    const { nights } = await client.inventory.get.query({ roomTypeId, from: stay.arrival, until: stay.departure });
    return `${state}, ${nights.map(({ sold }) => `${sold} sold`).join(', ')}`;
  });
};

/** Everything at once, as a platform team would see it first. */
export const install: Stage = {
  name: 'install',
  async run(surroundings) {
    const { cluster, release, report } = surroundings;
    await cluster.apply(await prometheusObjects(cluster.namespace));
    const since = performance.now();
    await release.apply(BASE);
    const seconds = (performance.now() - since) / 1_000;
    const pods = (await cluster.pods(OWN)).filter(({ labels }) => labels['app.kubernetes.io/component'] !== 'migrate');
    const ready = pods.filter((pod) => pod.ready).length;
    report.check(
      'pods ready after helm install --wait',
      `${ready} of ${pods.length} in ${seconds.toFixed(0)} s`,
      'all, within 120 s',
      ready === pods.length && ready >= 8 && seconds < 120,
    );
    const restarts = pods.reduce((sum, pod) => sum + pod.restarts, 0);
    report.check('containers that had to start again', String(restarts), '0', restarts === 0);
    const said = await release.test();
    report.check('helm test', /Phase:\s+(\w+)/.exec(said)?.[1] ?? said, 'Succeeded', /Phase:\s+Succeeded/.test(said));
    const booked = await bookByClient(surroundings);
    report.check(
      'a booking by the typed client through nginx',
      booked,
      'confirmed, 1 sold, 1 sold',
      booked === 'confirmed, 1 sold, 1 sold',
    );
    await cluster.until('Prometheus', 60, async () =>
      (await cluster.pods('app.kubernetes.io/name=prometheus'))[0]?.ready ? true : null,
    );
  },
};
