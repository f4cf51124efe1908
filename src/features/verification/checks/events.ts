import type { Check } from '../check.ts';

/** Whether events of the tenant were deleted because of their age: the oldest ones of a booking may then be among them. */
const someRetired = '(select exists (select from event_retention where tenant_id = app.tenant()))';

/** Promise 5: what is committed is announced, in order. */
export const eventChecks: Check[] = [
  {
    name: 'event numbers',
    promise:
      'the events of a booking are numbered from 1, or from the oldest one kept, without gaps, up to the last that it knows of',
    offenders: `
      select booking_id, b.event_seq as last_known, e.events, e.first, e.last
      from (select id as booking_id, event_seq, event_txid from booking where tenant_id = app.tenant()) b
      full join (
        select booking_id, count(*) as events, min(booking_seq) as first, max(booking_seq) as last
        from event where tenant_id = app.tenant() and booking_id is not null group by booking_id
      ) e using (booking_id)
      where (e.first, e.last, e.events) is distinct from (1, b.event_seq, b.event_seq)
        and not (${someRetired} and coalesce(case
          when e.events is null then b.event_txid <= (select txid from event_retention where tenant_id = app.tenant())
          else e.last = b.event_seq and e.events = e.last - e.first + 1 end, false))`,
  },
  {
    name: 'event order',
    promise: 'later events of a booking stand behind earlier ones on the pages of events.list',
    offenders: `
      select e.booking_id, e.booking_seq, e.txid, e.position, e.txid_before, e.position_before, b.event_txid
      from (
        select booking_id, booking_seq, txid, position, lag(txid) over w as txid_before,
          lag(position) over w as position_before, lead(txid) over w is null as is_last
        from event where tenant_id = app.tenant() and booking_id is not null
        window w as (partition by booking_id order by booking_seq)
      ) e
      left join booking b on e.is_last and b.tenant_id = app.tenant() and b.id = e.booking_id
      where e.txid < e.txid_before or e.position <= e.position_before or e.is_last and b.event_txid is distinct from e.txid`,
  },
  {
    name: 'last events',
    promise: 'the last event of a booking names a state that one of its lines is in',
    offenders: `
      select e.booking_id, e.booking_seq, e.type
      from (
        select distinct on (booking_id) booking_id, booking_seq, type
        from event where tenant_id = app.tenant() and booking_id is not null
        order by booking_id, booking_seq desc
      ) e
      where not exists (
        select from booking_line l
        where l.tenant_id = app.tenant() and l.booking_id = e.booking_id and e.type = 'booking.' || l.state)`,
  },
  {
    name: 'states announced',
    promise: 'every state that a line is in was announced by an event of its booking, which may be too old to be kept',
    offenders: `
      select l.id, l.booking_id, l.state
      from booking_line l
      where l.tenant_id = app.tenant() and not exists (
        select from event e
        where e.tenant_id = app.tenant() and e.booking_id = l.booking_id and e.type = 'booking.' || l.state)
        and not (${someRetired} and not exists (
          select from event e
          where e.tenant_id = app.tenant() and e.booking_id = l.booking_id and e.booking_seq = 1))`,
  },
];
