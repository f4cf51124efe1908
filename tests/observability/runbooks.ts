import { readdirSync, readFileSync } from 'node:fs';

export interface Runbook {
  name: string;
  /** Text by heading. */
  sections: ReadonlyMap<string, string>;
}

const folder = new URL('../../prometheus/runbooks/', import.meta.url);

const sectionsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf('\n');
        return [section.slice(0, end).trim(), section.slice(end).trim()];
      }),
  );

/** All runbooks of prometheus/runbooks. */
export const readRunbooks = (): Runbook[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({
      name: name.slice(0, -'.md'.length),
      sections: sectionsOf(readFileSync(new URL(name, folder), 'utf8')),
    }));

/** The blocks of a language in a section, in their order. */
export const blocksOf = ({ sections }: Runbook, heading: string, language: 'promql' | 'sh'): string[] =>
  [...(sections.get(heading) ?? '').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block = '']) => block.trim(),
  );
