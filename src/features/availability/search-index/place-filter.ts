import { boxAround, EARTH_RADIUS_KM } from '../search-place.ts';
import type { SearchInput } from '../search-schemas.ts';
import type { PropertyTable } from './property-table.ts';
import type { RowRange } from './row-range.ts';

/** Far more than two ways to compute a distance differ by, in km. */
export const DISTANCE_TOLERANCE_KM = 1e-8;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Drops the properties outside of a box, and those of which nobody knows where they are. */
export const keepInside = (
  { latitude, longitude }: PropertyTable,
  { south, north, west, east }: NonNullable<SearchInput['box']>,
  accepted: Uint8Array,
  { from, until }: RowRange,
): void => {
  const isAcross = west > east;
  for (let i = from; i < until; i++) {
    const lat = latitude[i] as number;
    const lon = longitude[i] as number;
    const isInside = isAcross ? lon >= west || lon <= east : lon >= west && lon <= east;
    if (!(lat >= south && lat <= north && isInside)) accepted[i] = 0;
  }
};

/**
 * Drops the properties outside of a circle and writes the distances of the others, in km. False when one is so near to the
 * radius that rounding decides.
 */
export const keepNear = (
  table: PropertyTable,
  near: NonNullable<SearchInput['near']>,
  accepted: Uint8Array,
  distance: Float64Array,
  rows: RowRange,
): boolean => {
  keepInside(table, boxAround(near), accepted, rows);
  const { latitude, longitude } = table;
  const cosine = Math.cos(radians(near.latitude));
  let isSure = true;
  for (let i = rows.from; i < rows.until; i++) {
    if (accepted[i] === 0) continue;
    const lat = latitude[i] as number;
    const lon = longitude[i] as number;
    const height = Math.sin(radians(lat - near.latitude) / 2) ** 2;
    const width = Math.sin(radians(lon - near.longitude) / 2) ** 2;
    const chord = height + cosine * Math.cos(radians(lat)) * width;
    const km = 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
    if (Math.abs(km - near.radiusKm) < DISTANCE_TOLERANCE_KM) isSure = false;
    distance[i] = km;
    if (km > near.radiusKm) accepted[i] = 0;
  }
  return isSure;
};
