import type { MainFigures } from '../../features/performance/index.ts';
import { bar, type Paint, sparkline, toWidth } from './drawing.ts';
import { hitShareOf, type Trends, type View } from './history.ts';
import { rateText, shareText, sizeText, timeText } from './words.ts';

/** A heading with lines below it, each as wide as the panel. */
export type Panel = (view: View, columns: number, paint: Paint) => { title: string; lines: string[] };

const NAME = 10;
const VALUE = 11;

/** A name, a value, and what is drawn in the rest. */
const row = (name: string, value: string, rest: (columns: number) => string, columns: number, paint: Paint): string =>
  toWidth(
    `${paint('dim', toWidth(name, NAME))}${value.padStart(VALUE)}  ${rest(Math.max(0, columns - NAME - VALUE - 2))}`,
    columns,
  );

const trendRow = (
  [name, value, trend]: readonly [string, string, readonly number[]],
  columns: number,
  paint: Paint,
  most?: number,
): string => row(name, value, (left) => paint('cyan', sparkline(trend, left, most)), columns, paint);

export const requestsPanel: Panel = ({ figures: { requests, work }, trends }, columns, paint) => {
  const [running, waiting] = [
    work.reduce((sum, kind) => sum + kind.running, 0),
    work.reduce((sum, kind) => sum + kind.waiting, 0),
  ];
  const turnedAway = requests.shed + requests.limited;
  const errors = row(
    'errors',
    shareText(requests.failedShare),
    (left) => paint(requests.failedShare > 0.01 ? 'red' : 'cyan', sparkline(trends.failedShare, left)),
    columns,
    paint,
  );
  return {
    title: 'Requests',
    lines: [
      trendRow(['rate', rateText(requests.perSecond), trends.perSecond], columns, paint),
      errors,
      row('in flight', String(running), () => paint(waiting ? 'yellow' : 'dim', `${waiting} waiting`), columns, paint),
      row(
        'refused',
        String(turnedAway),
        () => paint('dim', `${requests.shed} shed, ${requests.limited} limited`),
        columns,
        paint,
      ),
    ],
  };
};

export const latencyPanel: Panel = ({ figures: { requests, statements }, trends }, columns, paint) => {
  const most = Math.max(...trends.p99Ms, 0);
  const line = (name: string, value: number | null, trend: keyof Trends) =>
    trendRow([name, timeText(value), trends[trend]], columns, paint, most);
  return {
    title: 'Latency',
    lines: [
      line('p50', requests.p50Ms, 'p50Ms'),
      line('p95', requests.p95Ms, 'p95Ms'),
      line('p99', requests.p99Ms, 'p99Ms'),
      row('SQL p95', timeText(statements.p95Ms), () => paint('dim', rateText(statements.perSecond)), columns, paint),
    ],
  };
};

export const databasePanel: Panel = ({ figures: { pools, replicas, primary } }, columns, paint) => ({
  title: primary ? 'Database' : `Database ${paint('red', '● the primary does not answer')}`,
  lines: [
    ...pools.map(({ pool, used, waiting, most }) =>
      row(
        pool,
        `${used} of ${most}`,
        (left) => {
          const note = waiting ? paint('yellow', ` ${waiting} waiting`) : '';
          return (
            bar(most ? used / most : 0, Math.max(0, left - (note ? `${waiting} waiting`.length + 1 : 0)), paint) + note
          );
        },
        columns,
        paint,
      ),
    ),
    ...replicas.map(({ server, lagMs, ejected }) =>
      row(
        'lag',
        timeText(lagMs),
        () => (ejected ? paint('red', `${server} not in use`) : paint('dim', server)),
        columns,
        paint,
      ),
    ),
  ],
});

const tierText = ({ tier, asked, hits }: MainFigures['cache']['tiers'][number]): string =>
  `${tier} ${asked ? shareText(hits / asked) : '–'}`;

export const cachePanel: Panel = ({ figures, trends }, columns, paint) => {
  const { tiers, bytes, mostBytes, redis } = figures.cache;
  const redisState = redis === null ? 'not used' : redis ? 'answers' : 'does not answer';
  return {
    title: 'Cache',
    lines: [
      trendRow(['hits', shareText(hitShareOf(figures)), trends.hitShare], columns, paint, 1),
      row(
        'kept',
        sizeText(bytes),
        (left) => bar(mostBytes ? bytes / mostBytes : 0, left, paint, 'blue'),
        columns,
        paint,
      ),
      row(
        'Redis',
        redisState === 'does not answer' ? paint('red', 'no answer'.padStart(VALUE)) : redisState,
        () => paint('dim', tiers.map(tierText).join('  ')),
        columns,
        paint,
      ),
    ],
  };
};

export const processPanel: Panel = ({ figures: { eventLoop, memory, cpuCores }, trends }, columns, paint) => {
  const { rssBytes, heapUsedBytes, heapLimitBytes, limitBytes, usedBytes } = memory;
  const limited = limitBytes === null || usedBytes === null ? null : usedBytes / limitBytes;
  return {
    title: 'Process',
    lines: [
      trendRow(['loop busy', shareText(eventLoop.utilization), trends.utilization], columns, paint, 1),
      row(
        'loop lag',
        timeText(eventLoop.lagP99Ms),
        () => paint('dim', `at most ${timeText(eventLoop.lagMaxMs)}`),
        columns,
        paint,
      ),
      row('CPU', `${cpuCores.toFixed(2)} cores`, () => '', columns, paint),
      trendRow(['memory', sizeText(rssBytes), trends.rssBytes], columns, paint),
      row(
        'heap',
        sizeText(heapUsedBytes),
        (left) => bar(heapLimitBytes ? heapUsedBytes / heapLimitBytes : 0, left, paint),
        columns,
        paint,
      ),
      ...(limited === null
        ? []
        : [row('limit', shareText(limited), (left) => bar(limited, left, paint), columns, paint)]),
    ],
  };
};
