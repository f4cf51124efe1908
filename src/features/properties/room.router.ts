import { procedure, router } from '../../transport/trpc/procedures.ts';
import { createRoomInput, listRoomsInput, room, roomPage, updateRoomInput } from './room.schemas.ts';
import type { RoomService } from './room.service.ts';

export const createRoomRouter = (service: RoomService) =>
  router({
    create: procedure('properties:manage', {
      method: 'POST',
      path: '/room-types/{roomTypeId}/rooms',
      summary: 'Add a room',
      description: 'What can be sold is set by the room type and its nights, not by the number of rooms.',
      successStatus: 201,
    })
      .input(createRoomInput)
      .output(room)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    update: procedure('properties:manage', {
      method: 'PATCH',
      path: '/rooms/{roomId}',
      summary: 'Rename a room or take it in or out of use',
    })
      .input(updateRoomInput)
      .output(room)
      .mutation(({ ctx, input }) => service.update(ctx, input)),

    list: procedure('properties:read', {
      method: 'GET',
      path: '/properties/{propertyId}/rooms',
      summary: 'List the rooms of a property by number',
    })
      .input(listRoomsInput)
      .output(roomPage)
      .query(({ ctx, input }) => service.list(ctx, input)),
  });
