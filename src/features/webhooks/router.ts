import { procedure, router } from '../../transport/trpc/procedures.ts';
import { deliveryPage, listDeliveriesInput, replayed, replayInput, tested } from './delivery.schemas.ts';
import type { DeliveryService } from './delivery.service.ts';
import {
  changeEndpointInput,
  createEndpointInput,
  endpoint,
  endpointInput,
  endpointPage,
  endpointWithSecret,
  listEndpointsInput,
  removedEndpoint,
  updateEndpointInput,
} from './endpoint.schemas.ts';
import type { EndpointService } from './endpoint.service.ts';

export const createWebhooksRouter = (endpoints: EndpointService, deliveries: DeliveryService) =>
  router({
    create: procedure('webhooks:manage', {
      method: 'POST',
      path: '/webhooks',
      summary: 'Have events sent to an address',
      description: 'Messages are signed by the Standard Webhooks specification with the secret in the answer.',
      successStatus: 201,
    })
      .input(createEndpointInput)
      .output(endpointWithSecret)
      .mutation(({ ctx, input }) => endpoints.create(ctx, input)),

    list: procedure('webhooks:read', { method: 'GET', path: '/webhooks', summary: 'Webhook endpoints, oldest first' })
      .input(listEndpointsInput)
      .output(endpointPage)
      .query(({ ctx, input }) => endpoints.list(ctx, input)),

    get: procedure('webhooks:read', { method: 'GET', path: '/webhooks/{endpointId}', summary: 'One webhook endpoint' })
      .input(endpointInput)
      .output(endpoint)
      .query(({ ctx, input }) => endpoints.get(ctx, input.endpointId)),

    update: procedure('webhooks:manage', {
      method: 'PATCH',
      path: '/webhooks/{endpointId}',
      summary: 'Change a webhook endpoint, or switch it off or on',
    })
      .input(updateEndpointInput)
      .output(endpoint)
      .mutation(({ ctx, input }) => endpoints.update(ctx, input)),

    remove: procedure('webhooks:manage', {
      method: 'DELETE',
      path: '/webhooks/{endpointId}',
      summary: 'Remove a webhook endpoint and the log of its deliveries',
      description: 'Nothing more is sent, also not what is pending.',
    })
      .input(changeEndpointInput)
      .output(removedEndpoint)
      .mutation(({ ctx, input }) => endpoints.remove(ctx, input)),

    rotateSecret: procedure('webhooks:manage', {
      method: 'POST',
      path: '/webhooks/{endpointId}/rotate-secret',
      summary: 'Make a new secret; the one before signs as well for a day',
    })
      .input(changeEndpointInput)
      .output(endpointWithSecret)
      .mutation(({ ctx, input }) => endpoints.rotateSecret(ctx, input)),

    test: procedure('webhooks:manage', {
      method: 'POST',
      path: '/webhooks/{endpointId}/test',
      summary: 'Send a test message now and tell what came of it',
    })
      .input(endpointInput)
      .output(tested)
      .mutation(({ ctx, input }) => deliveries.test(ctx, input.endpointId)),

    deliveries: procedure('webhooks:read', {
      method: 'GET',
      path: '/webhooks/{endpointId}/deliveries',
      summary: 'What was sent to an endpoint, newest first, with every try',
    })
      .input(listDeliveriesInput)
      .output(deliveryPage)
      .query(({ ctx, input }) => deliveries.list(ctx, input)),

    replay: procedure('webhooks:manage', {
      method: 'POST',
      path: '/webhooks/{endpointId}/replay',
      summary: 'Send one delivery, or the events of a range of time, again',
    })
      .input(replayInput)
      .output(replayed)
      .mutation(({ ctx, input }) => deliveries.replay(ctx, input)),
  });
