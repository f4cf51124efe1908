import { globSync, readFileSync } from 'node:fs';
import { violations } from './rules.ts';

const files = globSync('src/**/*.{ts,sql}').map((path) => path.replaceAll('\\', '/'));
const faults = violations(new Map(files.map((path) => [path, readFileSync(path, 'utf8')])));
for (const fault of faults) console.error(fault);
console.log(`architecture: ${files.length} files, ${faults.length} ${faults.length === 1 ? 'breach' : 'breaches'}`);
process.exitCode = faults.length ? 1 : 0;
