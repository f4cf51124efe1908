import type { Row } from './row.ts';

// Forked by run.ts with a benchmark's name and arguments: runs it and sends its rows.

const [name = ''] = process.argv.splice(2, 1);
const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<Row[]> };
process.send?.(await run());
process.disconnect?.();
