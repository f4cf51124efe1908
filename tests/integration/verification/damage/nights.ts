import { aNight, type Damage, ofTenant } from './statements.ts';

/** Damage to counters of nights. */
export const nightDamage: Damage[] = [
  ['one held too many', [`update inventory_night set held = held + 1 where ${aNight}`], ['nights held']],
  ['one held too few', [`update inventory_night set held = held - 1 where ${aNight}`], ['nights held']],
  [
    'held on a night that nobody asked for',
    [`update inventory_night set held = 1 where ${ofTenant} and night = '2026-07-01'`],
    ['nights held'],
  ],
  ['one sold too many', [`update inventory_night set sold = sold + 1 where ${aNight}`], ['nights sold']],
  ['one sold too few', [`update inventory_night set sold = sold - 1 where ${aNight}`], ['nights sold']],
  ['one blocked too many', [`update inventory_night set blocked = 1 where ${aNight}`], ['nights blocked']],
  [
    'a block whose nights are free',
    [`update inventory_night set blocked = 0 where ${ofTenant} and night = '2026-04-03'`],
    ['nights blocked'],
  ],
  [
    'a sold night without a row',
    [`delete from inventory_night where ${ofTenant} and night = '2026-03-03'`],
    ['nights held', 'nights sold', 'nights open'],
  ],
  [
    'a blocked night without a row',
    [`delete from inventory_night where ${ofTenant} and night = '2026-04-01'`],
    ['nights blocked', 'nights open'],
  ],
  ['fewer rooms than sold', [`update inventory_night set physical = 2 where ${aNight}`], ['capacity']],
  ['a negative counter', [`update inventory_night set overbooking = -1 where ${aNight}`], ['capacity']],
];
