import { expect, test } from 'vitest';
import { createWakeups } from '../../../src/platform/events/wakeups.ts';

const pair = () => {
  const timers: (() => void)[] = [];
  const sent: string[] = [];
  const make = (origin: string) =>
    createWakeups({
      origin,
      send: async (message) => void sent.push(message),
      startTimer: (_ms, ring) => void timers.push(ring),
    });
  const ring = () => {
    for (const timer of timers.splice(0)) timer();
  };
  return { here: make('here'), there: make('there'), sent, ring };
};

test('what is raised is told here at once, and elsewhere by one message for many', () => {
  const { here, there, sent, ring } = pair();
  const told: (string | null)[] = [];
  here.subscribe((tenant) => told.push(tenant));
  for (const tenant of ['a', 'b', 'a']) here.raise(tenant);
  expect([told, sent]).toEqual([['a', 'b', 'a'], []]);
  ring();
  expect(sent).toEqual(['here a b']);

  const heard: (string | null)[] = [];
  there.subscribe((tenant) => heard.push(tenant));
  for (const message of sent) for (const process of [here, there]) process.hear(message);
  expect([told, heard]).toEqual([
    ['a', 'b', 'a'],
    ['a', 'b'],
  ]);
});

test('more tenants than a message holds, and a lost connection, wake everybody', () => {
  const { here, there, sent, ring } = pair();
  const heard: (string | null)[] = [];
  there.subscribe((tenant) => heard.push(tenant));
  for (let tenant = 0; tenant < 201; tenant++) here.raise(`tenant-${tenant}`);
  ring();
  for (const message of sent) there.hear(message);
  there.missed();
  expect(heard).toEqual([null, null]);
});

test('settled sends what has gathered and waits for it', async () => {
  const done: string[] = [];
  const wakeups = createWakeups({
    origin: 'here',
    send: async (message) => {
      await Promise.resolve();
      done.push(message);
    },
    startTimer: () => {},
  });
  wakeups.raise('a');
  await wakeups.settled();
  expect(done).toEqual(['here a']);
});
