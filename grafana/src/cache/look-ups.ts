import type { Section } from '../build/layout.ts';
import { rate, sum } from '../build/queries.ts';
import { series } from '../build/series.ts';

const LOOK_UPS = 'innkeeper_cache_requests_total';

/** Each question goes to memory first, so that tier counts them; a hit in either tier answers. */
export const hitRatio = `${sum(rate(LOOK_UPS, 'outcome="hit"'))} / ${sum(rate(LOOK_UPS, 'tier="memory"'))}`;

const hitRatioOf = (by: string, ...matchers: string[]) =>
  `${sum(rate(LOOK_UPS, 'outcome="hit"', ...matchers), by)} / ${sum(rate(LOOK_UPS, ...matchers), by)}`;

/** What tiers were asked, and what they had. */
export const lookUps: Section = {
  title: 'Hits',
  lines: [
    [
      series({
        title: 'Hit ratio',
        description: 'Of the whole cache, and of each tier; the shared one is asked for what memory had not.',
        unit: 'percentunit',
        max: 1,
        alerts: ['cacheHitsLow'],
        queries: [
          [hitRatio, 'cache'],
          [hitRatioOf('tier'), '{{tier}} only'],
        ],
      }),
      series({
        title: 'Hit ratio by type, in memory',
        description: 'Share of the questions to the memory of the processes that it had an answer to.',
        unit: 'percentunit',
        max: 1,
        queries: [[hitRatioOf('type', 'tier="memory"'), '{{type}}']],
      }),
      series({
        title: 'Hit ratio by type, shared',
        description: 'Share of the questions to Redis that it had an answer to, new enough to be given.',
        unit: 'percentunit',
        max: 1,
        queries: [[hitRatioOf('type', 'tier!="memory"'), '{{type}}']],
      }),
    ],
    [
      series({
        title: 'Questions by outcome',
        description: 'What tiers were asked, a second, and what they had.',
        unit: 'reqps',
        stacked: true,
        queries: [[sum(rate(LOOK_UPS), 'outcome'), '{{outcome}}']],
      }),
      series({
        title: 'Questions by type',
        description: 'What tiers were asked, a second, by type of data.',
        unit: 'reqps',
        stacked: true,
        queries: [[sum(rate(LOOK_UPS), 'type'), '{{type}}']],
      }),
    ],
  ],
};
