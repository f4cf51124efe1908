export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The column itself if it has `length` elements, else a longer one with the same beginning. */
export const grown = <T extends Column>(column: T, length: number): T => {
  if (column.length >= length) return column;
  const Longer = column.constructor as new (length: number) => T;
  const longer = new Longer(Math.max(length, Math.ceil(column.length * 1.5)));
  longer.set(column);
  return longer;
};
