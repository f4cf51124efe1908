import { expect, test } from 'vitest';
import { guardedLookup, type Resolve } from '../../../src/platform/outbound/guarded-lookup.ts';
import { OutboundError } from '../../../src/platform/outbound/outbound-error.ts';

/** What a socket would be given: addresses to dial, or the fault. */
const given = (resolve: Resolve, allowPrivate = false, all = true) =>
  new Promise<unknown>((resolved) => {
    guardedLookup(resolve, allowPrivate)('hooks.example', { all }, (error, address, family) =>
      resolved(error instanceof OutboundError ? error.fault : (error ?? (all ? address : [address, family]))),
    );
  });

const answers = (...lists: string[][]): Resolve => {
  const left = [...lists];
  return async () =>
    (left.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }) as const);
};

test('a socket is given exactly the addresses that were checked', async () => {
  expect(await given(answers(['8.8.8.8', '2606:4700::1111'], ['127.0.0.1']))).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  expect(await given(answers(['8.8.8.8', '2606:4700::1111'], ['127.0.0.1']), false, false)).toEqual(['8.8.8.8', 4]);
});

test('a name that turns from a public address to loopback is refused from then on', async () => {
  const resolve = answers(['8.8.8.8'], ['127.0.0.1']);
  expect(await given(resolve)).toEqual([{ address: '8.8.8.8', family: 4 }]);
  expect(await given(resolve)).toBe('ADDRESS_NOT_ALLOWED');
});

test.each([[['8.8.8.8', '10.0.0.1']], [['::ffff:127.0.0.1', '8.8.8.8']], [['fe80::1%lo']]])(
  'a name with an address that is not public is refused as a whole: %j',
  async (addresses) => {
    expect(await given(answers(addresses))).toBe('ADDRESS_NOT_ALLOWED');
    expect(await given(answers(addresses), true)).toHaveLength(addresses.length);
  },
);

test.each([
  ['no address', answers([])],
  ['something that is no address', answers(['0177.0.0.1'])],
  ['an error', () => Promise.reject(new Error('ENOTFOUND'))],
])('a resolver that answers %s has failed', async (_what, resolve) => {
  expect(await given(resolve, true)).toBe('DNS_FAILED');
});
