/** The timeline that a server writes to; of a standby the later of what its last restart point and its recovery have noted. */
export const TIMELINE = `case when pg_is_in_recovery()
  then upper(lpad(to_hex(greatest(
    (select timeline_id from pg_control_checkpoint()),
    (select min_recovery_end_timeline from pg_control_recovery()))), 8, '0'))
  else substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) end`;
