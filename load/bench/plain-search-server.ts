import express from 'express';
import pg from 'pg';
import { listen } from '../../src/transport/http/server.ts';

// Forked by benchmarks with the URL of a database that has `bench.night`: bare Express with one statement over its nights, which
// joins, filters, groups by listing, orders and limits.

/** A row a night of each listing: whether it is free, its price and how long stays from it on may be. */
const SEARCH = `
  select p.id as "propertyId", p.name, p.type, p.city, p.latitude, p.longitude, p.rating, p.review_count as "reviewCount",
    p.amenities, p.currency, t.name as "roomTypeName", n.total
  from (
    select room_type_id, sum(price) as total
    from bench.night
    where night >= $1::date and night < $2::date and free >= 1
    group by room_type_id
    having count(*) = $2::date - $1::date
      and bool_and(night > $1::date or ($2::date - $1::date) between min_stay and max_stay)
  ) n
  join room_type t on t.tenant_id = $3 and t.id = n.room_type_id and t.max_occupancy >= $4
  join property p on p.tenant_id = $3 and p.id = t.property_id and p.active
  where p.city_key = $5 and p.latitude between $6 and $7 and p.longitude between $8 and $9
  order by n.total, p.id
  limit 20`;

const [connectionString, tenant] = process.argv.slice(2);
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.NUMERIC, Number);
const pool = new pg.Pool({ connectionString, max: 10, types });
const app = express()
  .disable('x-powered-by')
  .set('etag', false)
  .get('/search', async (request, response) => {
    const { arrival, departure, adults, city, south, north, west, east } = request.query;
    const values = [arrival, departure, tenant, adults, city, south ?? -90, north ?? 90, west ?? -180, east ?? 180];
    const { rows } = await pool.query({ name: 'search', text: SEARCH, values });
    response.json({ items: rows });
  });
process.send?.((await listen(app, { host: '127.0.0.1', port: 0 })).url);
