import { readdirSync, readFileSync } from 'node:fs';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, test } from 'vitest';
import { dashboards, textOf } from '../../grafana/src/dashboards.ts';
import { everythingOn, panelsOf } from './panels.ts';

const folder = new URL('../../grafana/dashboards/', import.meta.url);
const all = Object.entries(dashboards);
const uids = all.map(([, { uid }]) => uid);

test('the files are what the sources make, and there are no others', () => {
  expect(readdirSync(folder).toSorted()).toEqual(all.map(([name]) => `${name}.json`).toSorted());
  for (const [name, dashboard] of all)
    expect(readFileSync(new URL(`${name}.json`, folder), 'utf8'), `${name}: npm run dashboards`).toBe(
      textOf(dashboard),
    );
});

test('uids are unique and stay as they are, since alerts and bookmarks lead to them', () => {
  expect(uids).toEqual([
    'innkeeper-overview',
    'innkeeper-database',
    'innkeeper-cache',
    'innkeeper-ledger',
    'innkeeper-runtime',
    'innkeeper-jobs',
    'innkeeper-kubernetes',
  ]);
});

const overlap = (one: GridPos, other: GridPos) =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;

describe.each(all)('%s', (_name, dashboard) => {
  const everything = everythingOn(dashboard);
  const panels = panelsOf(dashboard);

  test('every panel has a title, a description, a unit, and asks the chosen data source', () => {
    expect(panels.length).toBeGreaterThan(5);
    for (const { title, description, fieldConfig, targets, datasource } of panels) {
      expect(title.trim(), 'a title').not.toBe('');
      expect(description?.endsWith('.'), `${title}: a description`).toBe(true);
      expect(fieldConfig?.defaults.unit, `${title}: a unit`).toMatch(/^\w+$/);
      expect(targets?.length, `${title}: queries`).toBeGreaterThan(0);
      expect(datasource).toEqual({ type: 'prometheus', uid: '$datasource' });
    }
  });

  test('nothing lies on anything else or beyond the edge, and ids are unique', () => {
    expect(new Set(everything.map(({ id }) => id)).size).toBe(everything.length);
    for (const [index, { title, gridPos }] of everything.entries()) {
      expect(gridPos.x >= 0 && gridPos.w > 0 && gridPos.h > 0 && gridPos.x + gridPos.w <= 24, title).toBe(true);
      const under = everything.slice(index + 1).filter((other) => overlap(gridPos, other.gridPos));
      expect(under.map((other) => `${title} on ${other.title}`)).toEqual([]);
    }
  });

  test('every line is full, so that nothing gapes', () => {
    const widths = Map.groupBy(everything, ({ gridPos }) => gridPos.y);
    for (const [y, line] of widths)
      expect(
        line.reduce((width, { gridPos }) => width + gridPos.w, 0),
        `line at ${y}`,
      ).toBe(24);
  });

  test('its links lead to every other dashboard, with the time and the variables', () => {
    const links = dashboard.links ?? [];
    expect(links.map(({ url }) => url)).toEqual(uids.filter((uid) => uid !== dashboard.uid).map((uid) => `/d/${uid}`));
    for (const { includeVars, keepTime } of links)
      expect({ includeVars, keepTime }).toEqual({ includeVars: true, keepTime: true });
  });
});
