import type { CacheFigures } from '../../features/performance/index.ts';
import { inColumns } from '../replay/columns.ts';

const NOTHING = '-';

const share = (part: number, whole: number): string =>
  whole === 0 ? NOTHING : `${((100 * part) / whole).toFixed(1)} %`;

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const time = (ms: number): string => {
  if (ms < 1_000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
};

const HEADINGS = [
  ...['type', 'hits', 'misses', 'hit rate', 'stale', 'warmed', 'mean fill', 'saved', 'invalidated'],
  ...['life', 'at least', 'at most'],
];
const MEMORY_HEADINGS = ['memory', 'hits', 'entries', 'size', 'evicted'];
const SHARED_HEADINGS = ['redis', 'hits', 'misses', 'refused', 'stored', 'size'];

type Figures = CacheFigures['types'][number];

const earned = ({
  type,
  hits,
  misses,
  stale,
  warmed,
  fills,
  fillMs,
  savedMs,
  invalidated,
  ...ttl
}: Figures): string[] => [
  ...[type, String(hits), String(misses), share(hits, hits + misses + stale), String(stale), String(warmed)],
  ...[fills ? time(fillMs / fills) : NOTHING, time(savedMs), String(invalidated)],
  ...[time(ttl.ttlMs), time(ttl.leastTtlMs), time(ttl.mostTtlMs)],
];

const inMemory = ({ type, memory }: Figures): string[] => [
  ...[type, String(memory.hits), String(memory.entries), size(memory.bytes), String(memory.evicted)],
];

const inRedis = ({ type, shared }: Figures): string[] => [
  ...[type, String(shared?.hits), String(shared?.misses), String(shared?.refused)],
  ...[String(shared?.stored), size(shared?.storedBytes ?? 0)],
];

/** The figures as text for people, with a line end. */
export const cachePage = ({ host, memory, shared, types }: CacheFigures): string => {
  if (!memory) return `${host} keeps no answers: CACHE_MB is 0.\n`;
  const lines = [
    `The cache of ${host}: ${memory.entries} answers in ${size(memory.bytes)} of ${size(memory.mostBytes)}`,
    '',
    ...inColumns(HEADINGS, types.map(earned), 1),
    '',
    ...inColumns(MEMORY_HEADINGS, types.map(inMemory), 1),
  ];
  if (shared) {
    const state = shared.breaker === 'open' ? 'does not answer, and is left alone' : 'answers';
    lines.push('', `Redis ${state}; ${shared.errors} commands have failed.`, '');
    lines.push(...inColumns(SHARED_HEADINGS, types.map(inRedis), 1));
  }
  return `${lines.join('\n')}\n`;
};
