import { z } from 'zod';
import { AppError } from '../../kernel/app-error.ts';
import type { Clock, StandingClock } from '../../kernel/clock.ts';
import { instant } from '../../kernel/wire.ts';
import { procedure, router } from '../../transport/trpc/procedures.ts';
import type { Commands } from '../commands/index.ts';

export interface ClockDeps {
  commands: Commands;
  /** What timers would have done by the new instant. */
  afterAdvance: () => Promise<void>;
}

const standing = z.strictObject({ now: instant }).meta({ id: 'StandingClock' });

const advance = (clock: StandingClock, to: string): void => {
  try {
    clock.advanceTo(to);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError(
      'conflict',
      'CLOCK_GOES_FORWARD_ONLY',
      `The clock stands at ${clock.nowIso()}. Move it to a later instant.`,
      { fields: [{ path: 'to', message: 'Earlier than the clock.' }], details: { now: clock.nowIso() }, cause },
    );
  }
};

const standingClockRouter = (clock: StandingClock, { commands, afterAdvance }: ClockDeps) =>
  router({
    get: procedure('clock:read', { method: 'GET', path: '/clock', summary: 'Tell where the clock stands' })
      .output(standing)
      .query(() => ({ now: clock.nowIso() })),
    advance: procedure('clock:manage', { method: 'POST', path: '/clock/advance', summary: 'Move the clock forward' })
      .input(z.strictObject({ to: instant }))
      .output(standing)
      .mutation(async ({ ctx, input }) => {
        const before = { now: clock.nowIso() };
        advance(clock, input.to);
        await commands.runWithoutKey(ctx, 'clock.advance', async (command) => {
          command.audit({ entity: 'clock', entityId: ctx.principal.tenant, before, after: { now: clock.nowIso() } });
        });
        await afterAdvance();
        return { now: clock.nowIso() };
      }),
  });

export type ClockRouter = ReturnType<typeof standingClockRouter>;

const isStanding = (clock: Clock): clock is StandingClock => 'advanceTo' in clock;

/**
 * The procedures that move a standing clock. A running clock has none, though the router's type names them all the same.
 * An advance answers once `afterAdvance` is done, which does what timers would have done by then.
 */
export const createClock = (clock: Clock, deps: ClockDeps): { router: ClockRouter } => ({
  router: isStanding(clock) ? standingClockRouter(clock, deps) : (router({}) as unknown as ClockRouter),
});
