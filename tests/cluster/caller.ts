import { z } from 'zod';
import type { Cluster } from './cluster.ts';
import type { Hotel } from './hotel.ts';
import { removeProgram, startProgram } from './pods.ts';

const kindSchema = z.object({ ok: z.number(), failed: z.number(), p50: z.number(), p95: z.number() });
const toldSchema = z.object({ read: kindSchema, write: kindSchema, failures: z.array(z.string()) });

export type Told = z.infer<typeof toldSchema>;

export interface CallerOrders {
  host: string;
  port?: number;
  readers: number;
  writers: number;
  pauseMs?: number;
  /** Stops by itself after so many calls. */
  calls?: number;
  hotel: Hotel;
  reads: { procedure: string; input: object }[];
}

export interface Caller {
  counts(): Promise<Told>;
  /** Once all calls that were ordered are answered. */
  end(): Promise<Told>;
  /** Lets the calls under way end. */
  stop(): Promise<Told>;
  pace(ms: number): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a pod with clients in it; once this resolves they call. */
export const startCaller = async (cluster: Cluster, name: string, asked: CallerOrders): Promise<Caller> => {
  const { hotel, ...rest } = asked;
  const { roomTypeId, ratePlanId, apiKey, from } = hotel;
  const orders = { port: 80, pauseMs: 0, calls: 0, ...rest, apiKey, from, hotel: { roomTypeId, ratePlanId } };
  await startProgram(cluster, name, 'caller.ts', '/counts', { ORDERS: JSON.stringify(orders) });
  const ask = async (path: string) => toldSchema.parse(JSON.parse(await cluster.get(name, 8080, path)));
  return {
    counts: () => ask('/counts'),
    end: () => ask('/end'),
    stop: () => ask('/stop'),
    pace: async (ms) => void (await ask(`/pace?ms=${ms}`)),
    remove: () => removeProgram(cluster, name),
  };
};
