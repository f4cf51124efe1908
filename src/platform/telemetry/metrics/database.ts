import { Counter, Gauge, Histogram } from 'prom-client';
import type { PoolReading, ReplicaReading } from '../readings.ts';
import type { Registers } from './registers.ts';

const STATEMENT_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2];
const ACQUIRE_SECONDS = [0.001, 0.01, 0.1, 1, 5];

export interface DatabaseReadings {
  pools: () => PoolReading[];
  replicas: () => ReplicaReading[];
}

/** Pools, statements and replicas; what stands still is read when it is asked for. */
export const databaseMetrics = (registers: Registers, { pools, replicas }: DatabaseReadings) => {
  const perPool = (name: string, help: string, of: (pool: PoolReading) => number) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['pool'] },
      collect() {
        for (const reading of pools()) this.set({ pool: reading.pool }, of(reading));
      },
    });
  perPool('innkeeper_pool_size_limit', 'Connections that the pool may have, as configured.', ({ limit }) => limit);
  perPool('innkeeper_pool_used_connections', 'Connections given out.', ({ used }) => used);
  perPool('innkeeper_pool_idle_connections', 'Connections open and not given out.', ({ idle }) => idle);
  perPool('innkeeper_pool_waiting', 'Those who wait for a connection.', ({ waiting }) => waiting);

  const perReplica = (name: string, help: string, of: (replica: ReplicaReading) => number | null) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['server'] },
      collect() {
        this.reset();
        for (const replica of replicas()) {
          const value = of(replica);
          if (value !== null) this.set({ server: replica.server }, value);
        }
      },
    });
  perReplica(
    'innkeeper_replica_lag_seconds',
    'How long ago the primary was where the replica is now.',
    ({ lagMs }) => lagMs && lagMs / 1_000,
  );
  perReplica(
    'innkeeper_replica_lag_bytes',
    'Bytes of the log that the replica has yet to replay.',
    ({ lagBytes }) => lagBytes,
  );
  perReplica('innkeeper_replica_ejected', '1 while nothing is read from the replica.', ({ ejected }) =>
    ejected ? 1 : 0,
  );

  const primaryUp = new Gauge({
    name: 'innkeeper_primary_up',
    help: '0 while the primary does not answer.',
    registers,
  });
  primaryUp.set(1);
  const acquire = new Histogram({
    name: 'innkeeper_pool_acquire_duration_seconds',
    help: 'Time until a connection was given out.',
    labelNames: ['pool'],
    buckets: ACQUIRE_SECONDS,
    registers,
  });
  const statements = new Histogram({
    name: 'innkeeper_statement_duration_seconds',
    help: 'Time that statements took, by where they ran.',
    labelNames: ['target'],
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const faults = new Counter({
    name: 'innkeeper_database_connection_faults_total',
    help: 'Connections to a database that broke.',
    registers,
  });

  return {
    onStatement(_text: string, milliseconds: number, target: 'primary' | 'replica') {
      statements.observe({ target }, milliseconds / 1_000);
    },
    onAcquired(pool: string, milliseconds: number) {
      acquire.observe({ pool }, milliseconds / 1_000);
    },
    onConnectionFault: () => faults.inc(),
    onPrimary: (gone: boolean) => primaryUp.set(gone ? 0 : 1),
  };
};
