import { blockedRoom, type Damage, ofTenant, unknown } from './statements.ts';

/** Damage to stays and blocks of rooms. */
export const roomDamage: Damage[] = [
  [
    'two guests in one room',
    [
      `update room_stay set room_id = (select id from room where ${ofTenant} and number = '102') where ${ofTenant} and kind = 'stay'`,
    ],
    ['rooms taken once'],
  ],
  [
    'a guest in a blocked room',
    [
      `update room_stay set during = '[2026-03-04,2026-03-07)' where ${ofTenant} and kind <> 'stay'`,
      `update room_stay set room_id = ${blockedRoom} where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-05'`,
    ],
    ['nights blocked', 'rooms taken once'],
  ],
  [
    'a line in two rooms',
    [
      `update room_stay set line_id = (select line_id from room_stay where ${ofTenant} and upper(during) = '2026-03-05')
     where ${ofTenant} and kind = 'stay'`,
    ],
    ['one room a line'],
  ],
  [
    'a room for longer than its line counts',
    [
      `update room_stay set during = '[2026-03-02,2026-03-06)' where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-05'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room for a guest who has left',
    [
      `update room_stay s set line_id = l.id from booking_line l where s.${ofTenant} and s.kind = 'stay'
       and upper(s.during) = '2026-03-05' and l.tenant_id = s.tenant_id and l.state = 'checked_out'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room for somebody who has not come',
    [
      `update room_stay set line_id = (select id from booking_line where ${ofTenant} and state = 'confirmed')
     where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-04'`,
    ],
    ['stays in rooms'],
  ],
  [
    'a guest without a line',
    [`update room_stay set line_id = ${unknown} where ${ofTenant} and upper(during) = '2026-03-05'`],
    ['stays in rooms'],
  ],
  [
    'a block that names a line',
    [
      `update room_stay set line_id = ${unknown} where ${ofTenant} and kind = 'stay' and upper(during) = '2026-03-04'`,
      `update room_stay set kind = 'house_use' where ${ofTenant} and line_id = ${unknown}`,
      `update inventory_night set blocked = 1 where ${ofTenant} and night in ('2026-03-02', '2026-03-03')`,
      `update room_stay set line_id = (select id from booking_line where ${ofTenant} and state = 'checked_in' limit 1)
     where ${ofTenant} and line_id = ${unknown}`,
    ],
    ['stays in rooms'],
  ],
  [
    'a room moved to another type',
    [`update room set room_type_id = ${unknown} where ${ofTenant} and number = '103'`],
    ['rooms of their type', 'orphans'],
  ],
];
