import fc from 'fast-check';

type Octets = [number, number, number, number];

const NON_PUBLIC: [Octets, number][] = [
  [[0, 0, 0, 0], 8],
  [[10, 0, 0, 0], 8],
  [[100, 64, 0, 0], 10],
  [[127, 0, 0, 0], 8],
  [[169, 254, 0, 0], 16],
  [[172, 16, 0, 0], 12],
  [[192, 0, 0, 0], 24],
  [[192, 0, 2, 0], 24],
  [[192, 168, 0, 0], 16],
  [[198, 18, 0, 0], 15],
  [[198, 51, 100, 0], 24],
  [[203, 0, 113, 0], 24],
  [[224, 0, 0, 0], 4],
  [[240, 0, 0, 0], 4],
];

const numberOf = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0);

const octetsOf = (value: number): Octets => [
  Math.floor(value / 2 ** 24) % 256,
  Math.floor(value / 2 ** 16) % 256,
  Math.floor(value / 2 ** 8) % 256,
  value % 256,
];

/** IPv4 addresses that the registry of special-purpose addresses keeps off the public internet. */
export const nonPublicIpv4 = fc
  .constantFrom(...NON_PUBLIC)
  .chain(([base, prefix]) =>
    fc.integer({ min: 0, max: 2 ** (32 - prefix) - 1 }).map((offset) => octetsOf(numberOf(base) + offset)),
  );

/** IPv4 addresses of some large networks that anyone may reach. */
export const publicIpv4 = fc
  .tuple(fc.constantFrom(8, 52, 81, 151), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((octets): Octets => octets);

const digits = [
  (value: number) => String(value),
  (value: number) => `0${value.toString(8)}`,
  (value: number) => `000${value.toString(8)}`,
  (value: number) => `0x${value.toString(16)}`,
  (value: number) => `0X00${value.toString(16).toUpperCase()}`,
];

const hex = (octets: readonly number[]) =>
  [octets.slice(0, 2), octets.slice(2)].map((pair) => numberOf(pair).toString(16)).join(':');

const ipv6Forms = [
  (octets: Octets) => `[::ffff:${octets.join('.')}]`,
  (octets: Octets) => `[::FFFF:${hex(octets)}]`,
  (octets: Octets) => `[0:0:0:0:0:ffff:${hex(octets)}]`,
  (octets: Octets) => `[::${octets.join('.')}]`,
  (octets: Octets) => `[64:ff9b::${hex(octets)}]`,
  (octets: Octets) => `[64:ff9b::${octets.join('.')}]`,
  (octets: Octets) => `[2002:${hex(octets)}::1]`,
  (octets: Octets) => `[2001:0:808:808::${hex(octets.map((octet) => octet ^ 255))}]`,
];

/** The hosts of URLs that mean this IPv4 address: one to four parts, each in any base, and within IPv6. */
export const notationsOf = (octets: Octets) =>
  fc.oneof(
    fc
      .record({
        parts: fc.integer({ min: 1, max: 4 }),
        bases: fc.array(fc.constantFrom(...digits), { minLength: 4, maxLength: 4 }),
        dot: fc.constantFrom('', '.'),
      })
      .map(({ parts, bases, dot }) => {
        const values = [...octets.slice(0, parts - 1), numberOf(octets.slice(parts - 1))];
        return values.map((value, index) => (bases[index] ?? String)(value)).join('.') + dot;
      }),
    fc.constantFrom(...ipv6Forms).map((form) => form(octets)),
  );
