/**
 * Plain text in columns two spaces apart under their headings and a rule: the first `labels` columns are set left,
 * the others right.
 */
export const inColumns = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  labels: number,
): string[] => {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return column < labels ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [
    line(headings),
    widths
      .map((width) => '-'.repeat(width))
      .join('  ')
      .trimEnd(),
    ...rows.map(line),
  ];
};
