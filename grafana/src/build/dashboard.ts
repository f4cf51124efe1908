import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { placeLine, type Section } from './layout.ts';
import { PAGES, type Page, pages } from './pages.ts';

export interface Content {
  description: string;
  variables: { build(): VariableModel }[];
  sections: Section[];
}

const shortTitle = (page: Page) => pages[page].title.replace('Innkeeper / ', '');

const linksFrom = (page: Page) =>
  PAGES.filter((other) => other !== page).map((other) =>
    new DashboardLinkBuilder(shortTitle(other))
      .type(DashboardLinkType.Link)
      .icon('dashboard')
      .tooltip('')
      .url(`/d/${pages[other].uid}`)
      .includeVars(true)
      .keepTime(true)
      .targetBlank(false),
  );

/** The SDK's default hides links in a menu. */
const inPlainView = ({ placement: _hidden, ...link }: DashboardLink): DashboardLink => link;

/** A dashboard whose sections stand below each other, with a link to every other one. */
export const dashboardOf = (page: Page, { description, variables, sections }: Content): Dashboard => {
  const builder = new DashboardBuilder(pages[page].title)
    .uid(pages[page].uid)
    .description(description)
    .tags(['innkeeper'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .variables(variables)
    .links(linksFrom(page));
  let y = 0;
  let id = 0;
  for (const { title, lines } of sections) {
    id += 1;
    builder.withRow(new RowBuilder(title).id(id).gridPos({ x: 0, y, w: 24, h: 1 }));
    y += 1;
    for (const line of lines) {
      const { placed, height } = placeLine(line, y);
      for (const { panel, position } of placed) {
        id += 1;
        const withPlace = { ...panel, id, gridPos: position };
        builder.withPanel({ build: () => withPlace });
      }
      y += height;
    }
  }
  const dashboard = builder.build();
  return { ...dashboard, links: (dashboard.links ?? []).map(inPlainView) };
};
