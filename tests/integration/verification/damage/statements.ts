/** Statements that break the promises of a lived-in hotel, and the names of the checks that find it. */
export type Damage = [what: string, statements: string[], found: string[]];

export const ofTenant = 'tenant_id = app.tenant()';
export const aLine = (state: string) =>
  `id = (select id from booking_line where ${ofTenant} and state = '${state}' order by booking_id, line_no limit 1)`;
export const aNight = `night = '2026-03-02' and ${ofTenant}`;
export const aBooking = `id = (select id from booking where ${ofTenant} and state = 'confirmed')`;
export const blockedRoom = `(select room_id from room_stay where ${ofTenant} and kind <> 'stay')`;
export const unknown = `'00000000-0000-7000-8000-000000000000'`;
export const setLine = (state: string, change: string) =>
  `update booking_line set ${change} where ${ofTenant} and ${aLine(state)}`;
