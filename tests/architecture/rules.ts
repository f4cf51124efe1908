import { dirname, join } from 'node:path/posix';

/** Source text by path from the project's root. */
export type Sources = ReadonlyMap<string, string>;

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g;

export const importsOf = (path: string, source: string): string[] =>
  [...source.matchAll(IMPORT)].map(([, target = '']) =>
    target.startsWith('.') ? join(dirname(path), target) : target,
  );

/** The part of the house that a file stands in: `kernel`, `platform/db`, `features/rates`, `transport`, `cli`, ... */
export const roomOf = (path: string): string => {
  const [, first = '', second = ''] = path.split('/');
  if (first === 'platform' || first === 'features') return `${first}/${second}`;
  if (first === 'client' && second === 'build') return 'client-build';
  return first.endsWith('.ts') ? first.slice(0, -3) : first;
};

const isIndexOf = (room: string, path: string) => path === `src/${room}/index.ts`;

/** Which own file a file may import; the arrows of the design. */
const mayImport = (from: string, to: string): boolean => {
  const room = roomOf(from);
  const target = roomOf(to);
  if (room === target) return true;
  if (target === 'kernel') return room !== 'client';
  if (['main', 'worker', 'compose', 'startup', 'cli', 'app-router', 'client-build'].includes(room)) return true;
  // The queue's library brings its own tables.
  if (room === 'migrations') return to === 'src/platform/jobs/schema.ts';
  if (room === 'platform/telemetry') return target.startsWith('platform/');
  if (room === 'transport') return target.startsWith('platform/');
  if (room.startsWith('features/')) {
    if (target.startsWith('platform/')) return true;
    if (target.startsWith('features/')) return isIndexOf(target, to);
    return /^src\/transport\/trpc\/(procedures|cached)\.ts$/.test(to);
  }
  if (room === 'client') return target === 'compose';
  return false;
};

const IO_MODULES = /^node:(fs|net|http|https|child_process|worker_threads|dns|tls|dgram|async_hooks)/;

const textRules: { pattern: RegExp; allowed: RegExp; says: string }[] = [
  {
    pattern: /process\.env/,
    allowed: /^src\/(config(\/|\.ts)|cli\/)/,
    says: 'reads the environment outside the configuration',
  },
  {
    pattern: /\bDate\.now\(\)|new Date\(\)|Temporal\.Now/,
    allowed: /^src\/kernel\/clock\.ts$/,
    says: 'has a clock of its own',
  },
  {
    pattern: /\bMath\.random\(\)/,
    allowed: /^src\/(client|platform\/(db|jobs))\//,
    says: 'draws lots outside the ids',
  },
  {
    pattern: /\bcount\(\*\)\s*(?:(?:>|<>|!=|=)\s*0|>=\s*1)\b(?!\.)|\b0\s*(?:<|=)\s*count\(\*\)/i,
    allowed: /^$/,
    says: 'counts rows to see whether there is one: ask with exists',
  },
  {
    // In a subquery it is for the outer query to name its columns.
    pattern: /(?<!\(\s*)\bselect\s+(?:distinct\s+(?:on\s*\([^)]*\)\s*)?)?\*|\breturning\s+\*|\.selectAll\(/i,
    allowed: /\.sql$/,
    says: 'selects whatever columns there are: name them',
  },
  {
    pattern: /'@opentelemetry\//,
    allowed: /^src\/platform\/telemetry\//,
    says: 'knows OpenTelemetry, which only listens',
  },
  { pattern: /\bnow\(\)|current_timestamp/i, allowed: /^(?!src\/migrations\/)/, says: "asks the database's clock" },
];

/** Pairs of rooms that import each other. */
const cycles = (edges: ReadonlyMap<string, ReadonlySet<string>>): string[] => {
  const faults: string[] = [];
  const visit = (room: string, trail: string[]): void => {
    const at = trail.indexOf(room);
    if (at >= 0) {
      const loop = trail.slice(at);
      if (room === loop.toSorted()[0])
        faults.push(`rooms import each other in a circle: ${[...loop, room].join(' -> ')}`);
      return;
    }
    for (const next of edges.get(room) ?? []) visit(next, [...trail, room]);
  };
  for (const room of edges.keys()) visit(room, []);
  return [...new Set(faults)];
};

/** Every breach of the design's arrows and seams, one sentence each. */
export const violations = (sources: Sources): string[] => {
  const faults: string[] = [];
  const edges = new Map<string, Set<string>>();
  for (const [path, source] of sources) {
    for (const rule of textRules) {
      if (rule.pattern.test(source) && !rule.allowed.test(path)) faults.push(`${path} ${rule.says}`);
    }
    if (!path.endsWith('.ts')) continue;
    for (const target of importsOf(path, source)) {
      if (!target.startsWith('src/')) {
        if (roomOf(path) === 'kernel' && IO_MODULES.test(target))
          faults.push(`${path} does I/O in the kernel: ${target}`);
        continue;
      }
      if (!mayImport(path, target)) faults.push(`${path} must not import ${target}`);
      const [room, other] = [roomOf(path), roomOf(target)];
      if (room !== other && room.startsWith('features/') && other.startsWith('features/')) {
        edges.set(room, (edges.get(room) ?? new Set()).add(other));
      }
    }
  }
  return [...faults, ...cycles(edges)];
};
