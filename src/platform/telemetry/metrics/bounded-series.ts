/** Under which what comes too late is counted. */
export const OTHER = 'other';

type Labels = readonly [first: string, second: string, third: string];

export interface SeriesSettings<Series> {
  /** So many combinations of labels have a series of their own. */
  most: number;
  make: (...labels: Labels) => Series;
  /** What others are counted under: of few combinations. */
  others: (...labels: Labels) => Labels;
}

export interface BoundedSeries<Series> {
  /** That of three labels: the one that was made for them before, or for the others. */
  of(...labels: Labels): Series;
  readonly all: readonly Series[];
}

/**
 * Series by three labels: however odd the input, a metric has a bounded number of them. One that is there is found without
 * putting anything together, as each call asks for some.
 */
export const boundedSeries = <Series>({ most, make, others }: SeriesSettings<Series>): BoundedSeries<Series> => {
  const made = new Map<string, Map<string, Map<string, Series>>>();
  const all: Series[] = [];

  const makeFor = (first: string, second: string, third: string): Series => {
    const series = make(first, second, third);
    const below = made.get(first) ?? new Map<string, Map<string, Series>>();
    made.set(first, below);
    below.set(second, (below.get(second) ?? new Map<string, Series>()).set(third, series));
    all.push(series);
    return series;
  };
  const find = (first: string, second: string, third: string) => made.get(first)?.get(second)?.get(third);

  return {
    of(first, second, third) {
      const found = find(first, second, third);
      if (found) return found;
      if (all.length < most) return makeFor(first, second, third);
      const [one, two, three] = others(first, second, third);
      return find(one, two, three) ?? makeFor(one, two, three);
    },
    all,
  };
};
