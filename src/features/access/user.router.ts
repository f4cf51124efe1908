import { procedure, router } from '../../transport/trpc/procedures.ts';
import {
  createUserInput,
  listUsersInput,
  setPasswordInput,
  updateUserInput,
  user,
  userInput,
  userPage,
} from './user.schemas.ts';
import type { UserService } from './user.service.ts';

export const createUserRouter = (service: UserService) =>
  router({
    create: procedure('users:manage', {
      method: 'POST',
      path: '/users',
      summary: 'Add a user',
      description: 'Nobody gives a role that may do more than they may themselves.',
      successStatus: 201,
    })
      .input(createUserInput)
      .output(user)
      .mutation(({ ctx, input }) => service.create(ctx, input)),

    update: procedure('users:manage', {
      method: 'PATCH',
      path: '/users/{userId}',
      summary: 'Change a user’s role, name or phone, or switch the user off',
      description:
        'What a user who is not active holds stops working at once, and stays dead when the user comes back.',
    })
      .input(updateUserInput)
      .output(user)
      .mutation(({ ctx, input }) => service.update(ctx, input)),

    setPassword: procedure('users:manage', {
      method: 'PUT',
      path: '/users/{userId}/password',
      summary: 'Give a user another password',
      description: 'Ends all sessions of the user.',
    })
      .input(setPasswordInput)
      .output(user)
      .mutation(({ ctx, input }) => service.setPassword(ctx, input)),

    get: procedure('users:read', { method: 'GET', path: '/users/{userId}', summary: 'One user' })
      .input(userInput)
      .output(user)
      .query(({ ctx, input }) => service.get(ctx, input.userId)),

    list: procedure('users:read', {
      method: 'GET',
      path: '/users',
      summary: 'Users, oldest first',
      description: 'Found by e-mail in any case, and by phone however it is written.',
    })
      .input(listUsersInput)
      .output(userPage)
      .query(({ ctx, input }) => service.list(ctx, input)),
  });
