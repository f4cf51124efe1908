/** One value of a metric. */
export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Record<string, string> = { n: '\n' };

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\(.)/g, (_match, character: string) => ESCAPED[character] ?? character),
    ]),
  );

const numberOf = (text: string): number => (/^[+-]?Inf$/.test(text) ? Number(`${text}inity`) : Number(text));

/** The values in a text as Prometheus scrapes it, exemplars and comments left out; lines that hold no number are passed over. */
export const parseMetrics = (text: string): MetricSample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value = ''] = LINE.exec(line) ?? [];
    const number = numberOf(value);
    return name === undefined || Number.isNaN(number) ? [] : [{ name, labels: labelsOf(labels), value: number }];
  });
