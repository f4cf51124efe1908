import { type Damage, setLine } from './statements.ts';

/** Damage to prices as sold. */
export const priceDamage: Damage[] = [
  ['a night that is not priced', [setLine('confirmed', 'nights = nights - 0')], ['prices by night']],
  [
    'nights priced out of order',
    [setLine('confirmed', 'nights = jsonb_build_array(nights -> 1, nights -> 0)')],
    ['prices by night'],
  ],
  [
    'prices that do not add up',
    [setLine('confirmed', `nights = jsonb_set(nights, '{0,price}', '10001')`)],
    ['prices by night'],
  ],
  [
    'prices that are none',
    [setLine('confirmed', `nights = jsonb_set(nights, '{0,price}', '"free"')`)],
    ['prices by night'],
  ],
  ['no list of nights at all', [setLine('confirmed', `nights = '{}'`)], ['prices by night']],
  [
    'a tax that is not in the total',
    [setLine('confirmed', `taxes = jsonb_set(taxes, '{0,amount}', '1')`)],
    ['line totals'],
  ],
  [
    'an included tax that is',
    [setLine('confirmed', `taxes = jsonb_set(taxes, '{0,included}', 'true')`)],
    ['line totals'],
  ],
  ['a fee above the total', [setLine('cancelled', 'fee = total + 1')], ['line totals']],
  ['a fee for a good guest', [setLine('checked_in', 'fee = 1')], ['line totals']],
];
