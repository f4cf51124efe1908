import { maskSql } from './sql-mask.ts';

const MAX_LINES = 60;
const PARTS = /^(\s*(?:->\s+)?)(.*?)(\s+\(cost=[^)]*\))?$/;

const maskLine = (line: string): string => {
  const [, indent = '', said = '', cost = ''] = PARTS.exec(line) ?? [];
  return `${indent}${maskSql(said)}${cost}`;
};

/** A plan as text, without the literals of its conditions; costs and row counts stay. */
export const maskPlan = (lines: readonly string[]): string => {
  const shown = lines.slice(0, MAX_LINES).map(maskLine);
  return [...shown, ...(lines.length > MAX_LINES ? ['…'] : [])].join('\n');
};
