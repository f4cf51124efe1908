import pg from 'pg';

/** How a booking's rows are looked up, and what of them has to be new in a copy; $1 is the room type, $2 an arrival. */
const ROWS: { table: string; where: string; changed: Record<string, string> }[] = [
  { table: 'guest', where: 'id = b.booker_id', changed: { id: 'v_guest' } },
  { table: 'guest_key', where: 'guest_id = b.booker_id', changed: { guest_id: 'v_guest' } },
  {
    table: 'booking',
    where: 'id = b.id',
    changed: {
      id: 'v_booking',
      booker_id: 'v_guest',
      code: "upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10))",
      arrival: 'p_arrival',
      departure: 'p_arrival + 2',
      event_txid: 'pg_current_xact_id()',
      created_at: 'clock_timestamp()',
    },
  },
  {
    table: 'booking_line',
    where: 'booking_id = b.id',
    changed: {
      id: 'v_line',
      booking_id: 'v_booking',
      room_type_id: 'p_room_type',
      arrival: 'p_arrival',
      departure: 'p_arrival + 2',
      counted_until: 'p_arrival + 2',
    },
  },
  {
    table: 'event',
    where: 'booking_id = b.id',
    changed: { id: 'app.uuid_v7(clock_timestamp())', booking_id: 'v_booking', txid: 'pg_current_xact_id()' },
  },
  {
    table: 'audit_entry',
    where: 'entity_id = b.id',
    changed: {
      id: 'app.uuid_v7(clock_timestamp())',
      entity_id: 'v_booking',
      guest_id: 'v_guest',
      at: 'clock_timestamp()',
    },
  },
  {
    table: 'idempotency_key',
    where: 'guest_id = b.booker_id',
    changed: { key: 'gen_random_uuid()::text', guest_id: 'v_guest' },
  },
];

const insertOf = async (client: pg.Client, bookingId: string, row: (typeof ROWS)[number]): Promise<string> => {
  const { rows } = await client.query<{ row: Record<string, string | null> }>(
    `select jsonb_object_agg(k.key, to_jsonb(k.value #>> '{}')) as row
     from booking b, ${row.table} t, jsonb_each(to_jsonb(t)) k
     where b.id = $1 and t.${row.where} and k.key <> 'position' group by t.tenant_id`,
    [bookingId],
  );
  const found = rows[0]?.row;
  if (!found) throw new Error(`the booking has no row in ${row.table}`);
  const columns = Object.keys(found);
  const literal = (text: string | null | undefined) => (text == null ? 'null' : pg.escapeLiteral(text));
  const arrays = new Map([['child_ages', "'{}'"]]);
  const values = columns.map((column) => row.changed[column] ?? arrays.get(column) ?? literal(found[column]));
  return `insert into ${row.table} (${columns.join(', ')}) values (${values.join(', ')});`;
};

/**
 * Makes two functions that write all rows which the booking has, as a booking of a given room type and arrival for two
 * nights: bench.spread moves the nights' counters in one UPDATE, bench.hot locks the nights in order first.
 */
export const createBaseline = async (client: pg.Client, bookingId: string): Promise<void> => {
  const inserts: string[] = [];
  for (const row of ROWS) inserts.push(await insertOf(client, bookingId, row));
  const nights =
    'tenant_id = app.tenant() and room_type_id = p_room_type and night >= p_arrival and night < p_arrival + 2';
  const lock = `perform from inventory_night where ${nights} order by night for update;`;
  const body = (before: string) => `
    declare
      v_guest uuid := app.uuid_v7(clock_timestamp());
      v_booking uuid := app.uuid_v7(clock_timestamp());
      v_line uuid := app.uuid_v7(clock_timestamp());
    begin
      ${before}
      update inventory_night set sold = sold + 1 where ${nights};
      ${inserts.join('\n')}
    end`;
  await client.query('create schema bench');
  for (const [name, before] of [
    ['spread', ''],
    ['hot', lock],
  ] as const) {
    await client.query(
      `create function bench.${name}(p_room_type uuid, p_arrival date) returns void language plpgsql as $body$${body(before)}$body$`,
    );
  }
  await client.query('grant usage on schema bench to public');
};
