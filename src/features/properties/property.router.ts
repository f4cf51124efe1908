import { cachedProcedure } from '../../transport/trpc/cached.ts';
import { procedure, router } from '../../transport/trpc/procedures.ts';
import { cacheTags } from '../events/index.ts';
import {
  createPropertyInput,
  listPropertiesInput,
  property,
  propertyInput,
  propertyPage,
  switchPropertyInput,
  updatePropertyInput,
} from './property.schemas.ts';
import type { PropertyService } from './property.service.ts';

export const createPropertyRouter = (service: PropertyService) =>
  router({
    create: procedure('properties:manage', {
      method: 'POST',
      path: '/properties',
      summary: 'Add a property',
      successStatus: 201,
    })
      .input(createPropertyInput)
      .output(property)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    update: procedure('properties:manage', {
      method: 'PATCH',
      path: '/properties/{propertyId}',
      summary: 'Change a property',
      description: 'Fields that are left out stay as they are. The currency is fixed once the property has rate plans.',
    })
      .input(updatePropertyInput)
      .output(property)
      .mutation(({ ctx, input }) => service.update(ctx, input)),

    activate: procedure('properties:manage', {
      method: 'POST',
      path: '/properties/{propertyId}/activate',
      summary: 'Put a property on sale',
    })
      .input(switchPropertyInput)
      .output(property)
      .mutation(({ ctx, input }) => service.activate(ctx, input)),

    deactivate: procedure('properties:manage', {
      method: 'POST',
      path: '/properties/{propertyId}/deactivate',
      summary: 'Take a property off sale',
      description: 'Bookings that exist are kept.',
    })
      .input(switchPropertyInput)
      .output(property)
      .mutation(({ ctx, input }) => service.deactivate(ctx, input)),

    get: cachedProcedure(
      'properties:read',
      {
        method: 'GET',
        path: '/properties/{propertyId}',
        summary: 'Show a property',
      },
      propertyInput,
      property,
      { type: 'property', tags: ({ propertyId }) => [cacheTags.property(propertyId)] },
    ).query(({ ctx, input }) => service.get(ctx, input.propertyId)),

    list: cachedProcedure(
      'properties:read',
      {
        method: 'GET',
        path: '/properties',
        summary: 'List properties, oldest first',
      },
      listPropertiesInput,
      propertyPage,
      { type: 'property', tags: () => [cacheTags.catalogue, cacheTags.prices] },
    ).query(({ ctx, input }) => service.list(ctx, input)),
  });
