/** Content codings that answers are sent in, the better one first. */
const CODINGS = ['br', 'gzip'] as const;

export type ContentCoding = (typeof CODINGS)[number];

const weightOf = (parameters: readonly string[]): number => {
  const weight = parameters
    .map((parameter) => /^q=([\d.]+)$/.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  return weight === undefined ? 1 : Number(weight);
};

const chosenFor = (acceptEncoding: string): ContentCoding | null => {
  const weights = new Map<string, number>();
  for (const member of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = member.split(';').map((part) => part.trim());
    weights.set(name, weightOf(parameters));
  }
  let best: ContentCoding | null = null;
  let most = weights.get('identity') ?? 0;
  for (const coding of CODINGS) {
    const weight = weights.get(coding) ?? weights.get('*') ?? 0;
    if (weight > most || (weight === most && weight > 0 && best === null)) {
      best = coding;
      most = weight;
    }
  }
  return best;
};

/** Readers are of a few kinds: what the last ones asked for is chosen once. */
const chosen = new Map<string, ContentCoding | null>();
const MOST_CHOSEN = 100;

/** The coding that a reader wants most by its Accept-Encoding; null when it is best served with none. */
export const preferredCoding = (acceptEncoding: string | undefined): ContentCoding | null => {
  if (!acceptEncoding) return null;
  const known = chosen.get(acceptEncoding);
  if (known !== undefined) return known;
  const coding = chosenFor(acceptEncoding);
  if (chosen.size >= MOST_CHOSEN) chosen.clear();
  if (acceptEncoding.length <= 100) chosen.set(acceptEncoding, coding);
  return coding;
};
