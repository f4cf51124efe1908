import { z } from 'zod';
import { id, instant, pageInput, pageOf, text } from '../../kernel/wire.ts';
import { idempotencyKey } from '../commands/index.ts';
import { occupancyPricing, ratePlanTerms } from './terms.ts';

/** Names every index whose value an earlier one has already. */
const repeats = (values: readonly number[]): number[] =>
  values.flatMap((value, index) => (values.indexOf(value) === index ? [] : [index]));

const occupancy = occupancyPricing.superRefine(({ childPrices }, context) => {
  for (const index of repeats(childPrices.map(({ maxAge }) => maxAge))) {
    const path = ['childPrices', index, 'maxAge'];
    context.addIssue({ code: 'custom', path, message: 'Another child price has this age.' });
  }
});

const terms = ratePlanTerms.superRefine(({ cancellation }, context) => {
  for (const index of repeats(cancellation.map(({ hoursBefore }) => hoursBefore))) {
    const path = ['cancellation', index, 'hoursBefore'];
    context.addIssue({ code: 'custom', path, message: 'Another cancellation tier has these hours.' });
  }
});

const code = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'Use up to 32 letters, digits, - and _.')
  .meta({ examples: ['FLEX'] });

export const ratePlan = z
  .strictObject({
    id,
    propertyId: id,
    code,
    name: z.string(),
    active: z.boolean(),
    occupancy: occupancyPricing,
    terms: ratePlanTerms,
    createdAt: instant,
  })
  .meta({ id: 'RatePlan' });
export type RatePlan = z.infer<typeof ratePlan>;

export const createPlanInput = z.strictObject({
  propertyId: id,
  code,
  name: text(120),
  occupancy,
  terms,
  idempotencyKey,
});
export type CreatePlanInput = z.infer<typeof createPlanInput>;

export const updatePlanInput = z.strictObject({
  ratePlanId: id,
  code: code.optional(),
  name: text(120).optional(),
  active: z.boolean().optional(),
  occupancy: occupancy.optional(),
  terms: terms.optional(),
  idempotencyKey,
});
export type UpdatePlanInput = z.infer<typeof updatePlanInput>;

export const planInput = z.strictObject({ ratePlanId: id });

export const listPlansInput = z.strictObject({ propertyId: id, active: z.boolean().optional(), ...pageInput });
export type ListPlansInput = z.infer<typeof listPlansInput>;

export const planPage = pageOf(ratePlan);
