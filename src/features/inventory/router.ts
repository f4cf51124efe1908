import { procedure, router } from '../../transport/trpc/procedures.ts';
import { blockInput, blockPage, listBlocksInput, nightsReleased, roomBlock, unblockInput } from './block.schemas.ts';
import type { BlockService } from './block.service.ts';
import type { createReadInventory } from './calendar.ts';
import { inventoryCalendar, inventoryInput, nightsSet, setNightsInput } from './night.schemas.ts';
import type { createSetNights } from './set-nights.ts';

export const createInventoryRouter = (deps: {
  readInventory: ReturnType<typeof createReadInventory>;
  setNights: ReturnType<typeof createSetNights>;
  blocks: BlockService;
}) =>
  router({
    get: procedure('inventory:read', {
      method: 'GET',
      path: '/room-types/{roomTypeId}/inventory',
      summary: 'Show what a room type has and counts, night by night',
    })
      .input(inventoryInput)
      .output(inventoryCalendar)
      .query(({ ctx, input }) => deps.readInventory(ctx, input)),

    setNights: procedure('inventory:manage', {
      method: 'PUT',
      path: '/room-types/{roomTypeId}/inventory',
      summary: 'Set physical rooms and overbooking of many nights at once',
      description:
        'Opens nights that are closed. Refused as a whole where more rooms are held, sold or blocked than there would be.',
    })
      .input(setNightsInput)
      .output(nightsSet)
      .mutation(({ ctx, input }) => deps.setNights(ctx, input)),

    block: procedure('inventory:manage', {
      method: 'POST',
      path: '/rooms/{roomId}/blocks',
      summary: 'Take a room out of sale',
      successStatus: 201,
    })
      .input(blockInput)
      .output(roomBlock)
      .mutation(({ ctx, input }) => deps.blocks.block(ctx, input)),

    unblock: procedure('inventory:manage', {
      method: 'DELETE',
      path: '/room-blocks/{blockId}',
      summary: 'Put a blocked room back on sale',
      description: 'Gives back the nights from the business date on.',
    })
      .input(unblockInput)
      .output(nightsReleased)
      .mutation(({ ctx, input }) => deps.blocks.unblock(ctx, input)),

    blocks: procedure('inventory:read', {
      method: 'GET',
      path: '/room-blocks',
      summary: 'List blocks of a room type or room by their first night',
    })
      .input(listBlocksInput)
      .output(blockPage)
      .query(({ ctx, input }) => deps.blocks.list(ctx, input)),
  });
