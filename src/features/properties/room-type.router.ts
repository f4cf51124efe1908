import { cachedProcedure } from '../../transport/trpc/cached.ts';
import { procedure, router } from '../../transport/trpc/procedures.ts';
import { cacheTags } from '../events/index.ts';
import {
  createRoomTypeInput,
  listRoomTypesInput,
  roomType,
  roomTypeInput,
  roomTypePage,
  updateRoomTypeInput,
} from './room-type.schemas.ts';
import type { RoomTypeService } from './room-type.service.ts';

export const createRoomTypeRouter = (service: RoomTypeService) =>
  router({
    create: procedure('properties:manage', {
      method: 'POST',
      path: '/properties/{propertyId}/room-types',
      summary: 'Add a room type',
      description: 'Opens its nights from the business date to the end of the horizon.',
      successStatus: 201,
    })
      .input(createRoomTypeInput)
      .output(roomType)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    update: procedure('properties:manage', {
      method: 'PATCH',
      path: '/room-types/{roomTypeId}',
      summary: 'Change a room type',
      description:
        'Fields that are left out stay as they are. physicalRooms and overbookingLimit are what nights start with that are opened from now on; nights that are open already are changed by inventory.setNights.',
    })
      .input(updateRoomTypeInput)
      .output(roomType)
      .mutation(({ ctx, input }) => service.update(ctx, input)),

    get: cachedProcedure(
      'properties:read',
      {
        method: 'GET',
        path: '/room-types/{roomTypeId}',
        summary: 'Show a room type',
      },
      roomTypeInput,
      roomType,
      { type: 'property', tags: () => [cacheTags.catalogue] },
    ).query(({ ctx, input }) => service.get(ctx, input.roomTypeId)),

    list: cachedProcedure(
      'properties:read',
      {
        method: 'GET',
        path: '/properties/{propertyId}/room-types',
        summary: 'List the room types of a property, oldest first',
      },
      listRoomTypesInput,
      roomTypePage,
      { type: 'property', tags: ({ propertyId }) => [cacheTags.property(propertyId)] },
    ).query(({ ctx, input }) => service.list(ctx, input)),
  });
