/** Markup that is safe to place as it is. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Html | string | number | false | undefined | Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const render = (part: Part): string => {
  if (part instanceof Html) return part.markup;
  if (Array.isArray(part)) return part.map(render).join('');
  return part === false || part === undefined ? '' : escapeText(String(part));
};

/** Builds markup; everything put in is escaped unless it is Html. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.reduce((markup, text, index) => markup + render(parts[index - 1]) + text));

const inline = (text: string): Html[] =>
  text
    .split(/(`[^`]+`)/)
    .map((piece) => (/^`.+`$/.test(piece) ? html`<code>${piece.slice(1, -1)}</code>` : html`${piece}`));

/** Paragraphs (parted by empty lines), `code` and `- ` lists; nothing else of Markdown. */
export const prose = (text: string): Html[] =>
  text.split(/\n\s*\n/).map((block) => {
    const lines = block.trim().split('\n');
    return lines.every((line) => line.startsWith('- '))
      ? html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`
      : html`<p>${inline(lines.join(' '))}</p>`;
  });
