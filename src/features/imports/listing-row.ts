import { z } from 'zod';

/** One listing, as it becomes a property with one room. */
export interface Listing {
  externalRef: string;
  name: string;
  type: string;
  roomTypeName: string;
  description: string | null;
  latitude: number;
  longitude: number;
  guests: number;
  rating: number | null;
  reviewCount: number;
}

const filled = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(max, `has more than ${max} characters`)
    .refine((text) => !text.includes('\0'), 'contains a NUL character');

const decimal = (min: number, max: number) => {
  const message = `is not a number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,9}(\.\d{1,30})?$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const whole = (min: number, max: number) => {
  const message = `is not a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
};

const optional = <T>(schema: z.ZodType<T, string>) =>
  z.preprocess((text) => (text === '' ? undefined : text), schema.optional());

/** Rates can include up to 50 adults in a night's price. */
const row = z.object({
  id: z.string().regex(/^\d{1,24}$/, 'is not a number in digits'),
  name: filled(200),
  property_type: filled(80),
  room_type: filled(80),
  latitude: decimal(-90, 90),
  longitude: decimal(-180, 180),
  accommodates: whole(1, 50),
  neighbourhood_cleansed: optional(filled(120)),
  bedrooms: optional(decimal(0, 1_000)),
  beds: optional(decimal(0, 1_000)),
  bathrooms_text: optional(filled(80)),
  number_of_reviews: optional(whole(0, 999_999_999)),
  review_scores_rating: optional(decimal(0, 5)),
});

export const LISTING_COLUMNS = [
  'id',
  'name',
  'property_type',
  'room_type',
  'latitude',
  'longitude',
  'accommodates',
] as const satisfies (keyof z.infer<typeof row>)[];

const counted = (count: number | undefined, what: string) =>
  count === undefined ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];

/** The listing of a row by column name, or why it is none. */
export const readListing = (record: Record<string, string>): Listing | string => {
  const { data, error } = row.safeParse(record);
  if (!data) {
    const [first] = error.issues;
    return `${first?.path.join('.')} ${first?.message}`;
  }
  const facts = [
    ...(data.neighbourhood_cleansed ? [data.neighbourhood_cleansed] : []),
    ...counted(data.bedrooms, 'bedroom'),
    ...counted(data.beds, 'bed'),
    ...(data.bathrooms_text ? [data.bathrooms_text] : []),
  ];
  return {
    externalRef: data.id,
    name: data.name,
    type: data.property_type,
    roomTypeName: data.room_type,
    description: facts.join(', ') || null,
    latitude: data.latitude,
    longitude: data.longitude,
    guests: data.accommodates,
    rating: data.review_scores_rating ?? null,
    reviewCount: data.number_of_reviews ?? 0,
  };
};
