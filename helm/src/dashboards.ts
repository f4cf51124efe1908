/**
 * Copies grafana/dashboards into the chart, which can't read files beside itself. With --check it copies nothing, and ends with
 * status 1 when the copies are not up to date.
 */
import { filesOf, writeOrCheck } from './files.ts';

writeOrCheck(
  new URL('../innkeeper/files/dashboards/', import.meta.url),
  new Map(filesOf(new URL('../../grafana/dashboards/', import.meta.url), '.json')),
  'node helm/src/dashboards.ts',
);
