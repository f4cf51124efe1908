import type { PgBoss } from 'pg-boss';

/** A queue with its jobs of now; a waiting job may be one for later. */
export interface QueueCounts {
  name: string;
  waiting: number;
  running: number;
  dead: number;
}

/** Every queue but the library's own, by name. */
export const countQueues = async (queue: PgBoss): Promise<QueueCounts[]> => {
  const { rows }: { rows: QueueCounts[] } = await queue.getDb().executeSql(
    `select q.name,
       count(*) filter (where j.state in ('created', 'retry'))::integer as waiting,
       count(*) filter (where j.state = 'active')::integer as running,
       count(*) filter (where j.state = 'failed')::integer as dead
     from jobs.queue q left join jobs.job j on j.name = q.name
     where q.name not like '\\_\\_pgboss%'
     group by q.name order by q.name`,
  );
  return rows;
};
