import type pg from 'pg';

/**
 * Copies of a room type with its nights and prices between two dates, nothing booked; answers their ids. The connection
 * is the owner's, with the tenant set.
 */
export const copyRoomType = async (
  owner: pg.Client,
  roomTypeId: string,
  copies: number,
  between: readonly [from: string, until: string],
): Promise<string[]> => {
  await owner.query(
    `create temporary table copies as select gen_random_uuid() as id from generate_series(1, ${copies})`,
  );
  const copy = async (table: string, key: string, where: string, changed: Record<string, string>) => {
    const { rows } = await owner.query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [table],
    );
    const names = rows.map(({ name }) => name);
    const values = names.map((name) => changed[name] ?? (name === key ? 'copies.id' : `t.${name}`));
    await owner.query(
      `insert into ${table} (${names}) select ${values} from ${table} t, copies where t.${key} = $1 and ${where}`,
      [roomTypeId],
    );
  };
  const within = `t.night between '${between[0]}' and '${between[1]}'`;
  await copy('room_type', 'id', 'true', { name: "'Copy ' || copies.id" });
  await copy('inventory_night', 'room_type_id', within, { held: '0', sold: '0' });
  await copy('rate_night', 'room_type_id', within, {});
  await owner.query('vacuum analyze');
  return (await owner.query<{ id: string }>('select id from copies')).rows.map(({ id }) => id);
};
