import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Files of a folder of the chart, by name. */
export type Files = ReadonlyMap<string, string>;

export const readFiles = (folder: URL): Files =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));

/** The files whose names end so. */
export const filesOf = (folder: URL, ending: string): [name: string, text: string][] =>
  [...readFiles(folder)].filter(([name]) => name.endsWith(ending)).toSorted(([one], [other]) => (one < other ? -1 : 1));

const present = (folder: URL): Files => {
  try {
    return readFiles(folder);
  } catch {
    return new Map();
  }
};

/** What a folder has otherwise than it should, a line for each file. */
export const differences = (folder: URL, wanted: Files): string[] => {
  const found = present(folder);
  const stale = [...wanted]
    .filter(([name, text]) => found.get(name) !== text)
    .map(([name]) => `${name} is not up to date`);
  return [
    ...stale,
    ...[...found.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} is of nothing any more`),
  ];
};

/** Makes a folder hold these files and no others. */
export const writeFiles = (folder: URL, wanted: Files): void => {
  mkdirSync(folder, { recursive: true });
  for (const name of present(folder).keys()) if (!wanted.has(name)) rmSync(new URL(name, folder));
  for (const [name, text] of wanted) writeFileSync(new URL(name, folder), text);
};

/** Writes the files; or with --check says which are not as they should be, and ends with status 1 if there are any. */
export const writeOrCheck = (folder: URL, wanted: Files, command: string, faults: readonly string[] = []): void => {
  const check = process.argv.includes('--check');
  if (!check) writeFiles(folder, wanted);
  const found = [...(check ? differences(folder, wanted) : []), ...faults];
  if (found.length === 0) return;
  process.stderr.write(`${found.map((fault) => `${fault}\n`).join('')}${check ? `Run: ${command}\n` : ''}`);
  process.exitCode = 1;
};
