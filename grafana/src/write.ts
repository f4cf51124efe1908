import { mkdirSync, writeFileSync } from 'node:fs';
import { dashboards, textOf } from './dashboards.ts';

const folder = new URL('../dashboards/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const [name, dashboard] of Object.entries(dashboards))
  writeFileSync(new URL(`${name}.json`, folder), textOf(dashboard));
