import { fixed, type Threshold } from './thresholds.ts';

const RUNBOOKS = 'https://github.com/innkeeper-booking/innkeeper/blob/main/prometheus/runbooks/';
const DASHBOARDS = 'https://grafana.example.org/d/';

const BEGIN_OF_RULE = /^(?= *- (?:alert|record): )/m;
const RULE = /^ *- (?:alert|record): (\S+)$/m;
const COMMENT = /^ *#/;
const COMPARISON = /[<>]=? (?:bool )?\d[\d.]*/g;
/** Whether there is anything at all is no threshold. */
const NOTHING = /^> (bool )?0$/;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Nothing that is part of a longer number or word. */
const whole = (text: string): RegExp => new RegExp(`(?<![\\w.])${escaped(text)}(?!\\w|\\.\\d)`, 'g');

/** What the chart replaces by a value. */
export const placeOf = (name: string): string => `\${${name}}`;

/** The text with a place instead of the number. */
const replacementOf = (text: string, { name, value }: Threshold): string => {
  const percent = `${Number((value * 100).toPrecision(12))}%`;
  if (text.includes(percent)) return text.replace(percent, `${placeOf(`${name}:percent`)}%`);
  if (whole(String(value)).test(text)) return text.replace(whole(String(value)), placeOf(name));
  throw new Error(`thresholds: the text ${JSON.stringify(text)} of ${name} holds neither ${value} nor ${percent}`);
};

/** The lines that are no comments, changed. */
const mapCode = (block: string, change: (line: string) => string): string =>
  block
    .split('\n')
    .map((line) => (COMMENT.test(line) ? line : change(line)))
    .join('\n');

const parametrised = (rule: string, block: string, thresholds: readonly Threshold[]): string =>
  thresholds
    .filter((threshold) => threshold.rule === rule)
    .flatMap((threshold) => threshold.texts.map((text) => ({ threshold, text })))
    .reduce((found, { threshold, text }) => {
      const placed = mapCode(found, (line) => line.replaceAll(whole(text), () => replacementOf(text, threshold)));
      if (placed !== found) return placed;
      throw new Error(`${rule}: ${JSON.stringify(text)} of the threshold ${threshold.name} is not in it:\n${block}`);
    }, block);

/** What compares with a number that no value changes, though nothing says that it is to be so. */
const forgotten = (rule: string, block: string): string[] =>
  block
    .split('\n')
    .flatMap((line) => (COMMENT.test(line) ? [] : (line.match(COMPARISON) ?? [])))
    .filter((comparison) => !NOTHING.test(comparison) && !fixed[rule]?.includes(comparison));

/**
 * A file of prometheus/rules as the chart has it, with `${NAME}` and `${NAME:percent}` where values go. Throws where a threshold is
 * not where it should be, and where a number is no threshold and not said to be fixed.
 */
export const chartRules = (source: string, text: string, thresholds: readonly Threshold[]): string => {
  const body = text.split(BEGIN_OF_RULE).map((block) => {
    const rule = RULE.exec(block)?.[1] ?? '';
    const placed = parametrised(rule, block, thresholds);
    const rest = forgotten(rule, placed);
    if (rest.length) throw new Error(`${rule}: ${rest.join(', ')} is neither a threshold nor said to be fixed`);
    return placed;
  });
  const based = body.join('').replaceAll(RUNBOOKS, placeOf('runbooks')).replaceAll(DASHBOARDS, placeOf('dashboards'));
  return `# Made from ${source} by helm/src/rules.ts.\n${based}`;
};
