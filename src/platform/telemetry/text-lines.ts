import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const LEVELS: Record<string, Style> = { trace: 'dim', debug: 'dim', info: 'green', warn: 'yellow', error: 'red' };

const isTerminal = (stream: object): stream is NodeJS.WriteStream => 'isTTY' in stream && stream.isTTY === true;

const indented = (text: string) => text.replaceAll(/^/gm, '    ');

const errorText = (error: Record<string, unknown>): string => {
  const { type, message, code, stack, cause } = error;
  const heading = `${type}${code ? ` ${code}` : ''}: ${message}`;
  const below = typeof cause === 'object' && cause ? `\ncaused by ${errorText(cause as Record<string, unknown>)}` : '';
  return `${heading}${stack ? `\n${stack}` : ''}${below}`;
};

/** One line of the JSON log for the eye: local time, level, message, then what else it says; an error's stack or a statement's plan below it. */
export const textLine = (json: string, stream: object): string => {
  const { level, time, msg, error, plan, module: _module, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const paint = (style: Style, text: string) => (isTerminal(stream) ? styleText(style, text, { stream }) : text);
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const parts = Object.entries(fields).map(([name, value]) => {
    const shown = typeof value === 'number' ? String(Math.round(value * 10) / 10) : String(value);
    return `${paint('dim', `${name}=`)}${/\s/.test(shown) ? JSON.stringify(shown) : shown}`;
  });
  const label = paint(LEVELS[String(level)] ?? 'reset', String(level).padEnd(5));
  const line = `${[paint('dim', clock), label, msg, ...parts].join(' ')}\n`;
  const below = error ? errorText(error as Record<string, unknown>) : plan;
  return below ? `${line}${indented(String(below))}\n` : line;
};
