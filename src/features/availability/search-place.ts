import { type RawBuilder, sql } from 'kysely';
import { foldText } from '../../kernel/folding.ts';
import type { SearchInput } from './search-schemas.ts';

export const EARTH_RADIUS_KM = 6371;

type Box = NonNullable<SearchInput['box']>;
type Near = NonNullable<SearchInput['near']>;

/** Great-circle distance of property `p` in km by the haversine formula. */
export const distanceKm = ({ latitude, longitude }: Near): RawBuilder<number> => sql`
  (${2 * EARTH_RADIUS_KM}::float8 * asin(least(1, sqrt(
    sin(radians(p.latitude - ${latitude}::float8) / 2) ^ 2 + cos(radians(${latitude}::float8)) *
    cos(radians(p.latitude)) * sin(radians(p.longitude - ${longitude}::float8) / 2) ^ 2))))`;

/** Comparisons of plain numbers, which row-level security lets use the index, as operators on boxes would not. */
const insideBox = (box: Box): RawBuilder<unknown> => sql`
  p.latitude between ${box.south}::float8 and ${box.north}::float8 and ${
    box.west <= box.east
      ? sql`p.longitude between ${box.west}::float8 and ${box.east}::float8`
      : sql`(p.longitude >= ${box.west}::float8 or p.longitude <= ${box.east}::float8)`
  }`;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** Keeps rounding from cutting off the rim; the distance itself decides there. */
const ROUNDING_DEGREES = 1e-9;

/** The smallest box around a circle: across the date line where the circle is, of all longitudes where it holds a pole. */
export const boxAround = ({ latitude, longitude, radiusKm }: Near): Box => {
  const angle = radiusKm / EARTH_RADIUS_KM;
  const height = degrees(angle) + ROUNDING_DEGREES;
  const band = { south: latitude - height, north: latitude + height };
  if (band.south <= -90 || band.north >= 90) return { ...band, west: -180, east: 180 };
  const width = degrees(Math.asin(Math.sin(angle) / Math.cos(radians(latitude)))) + ROUNDING_DEGREES;
  const [west, east] = [longitude - width, longitude + width];
  return { ...band, west: west < -180 ? west + 360 : west, east: east > 180 ? east - 360 : east };
};

/** What a property `p` must be for its rooms to be looked at. */
export const placeConditions = (input: SearchInput): RawBuilder<unknown> => {
  const conditions = [
    sql`p.tenant_id = app.tenant() and p.active`,
    ...(input.city ? [sql`p.city_key = ${foldText(input.city)}`] : []),
    ...(input.types ? [sql`p.type = any (${input.types}::text[])`] : []),
    ...(input.amenities ? [sql`p.amenities @> ${input.amenities}::text[]`] : []),
    ...(input.currency ? [sql`p.currency = ${input.currency}`] : []),
    ...(input.box ? [insideBox(input.box)] : []),
    ...(input.near ? [insideBox(boxAround(input.near)), sql`${distanceKm(input.near)} <= ${input.near.radiusKm}`] : []),
  ];
  return sql.join(conditions, sql` and `);
};
