import type { Replica } from './replicas.ts';

/** How a server that reads may go to stands. */
export type ReplicaStanding = Pick<Replica, 'server' | 'lagMs' | 'lagBytes' | 'ejected'>;

const most = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** One standing for each server, the worst of those that the pools which reach it have found. */
export const standingByServer = (replicas: readonly ReplicaStanding[]): ReplicaStanding[] => {
  const standings = new Map<string, ReplicaStanding>();
  for (const { server, lagMs, lagBytes, ejected } of replicas) {
    const found = standings.get(server);
    standings.set(server, {
      server,
      lagMs: most(found?.lagMs ?? null, lagMs),
      lagBytes: most(found?.lagBytes ?? null, lagBytes),
      ejected: found?.ejected ?? ejected,
    });
  }
  return [...standings.values()];
};
