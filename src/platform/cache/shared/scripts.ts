import { HISTORY_FIELDS as F, MOST_FIELDS } from './store.ts';

/** ARGV: fields of the history. Of one moment. */
export const READ = `return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]), redis.call('HMGET', KEYS[2], unpack(ARGV)) }`;

/** ARGV: history it replaces or '', id, position, cursor, chain, life. */
export const BEGIN = `
if (redis.call('HGET', KEYS[1], '${F.id}') or '') ~= ARGV[1] then return 0 end
redis.call('UNLINK', KEYS[1])
redis.call('HSET', KEYS[1], '${F.id}', ARGV[2], '${F.from}', ARGV[3], '${F.at}', ARGV[3], '${F.cursor}', ARGV[4],
  '${F.chain}' .. ARGV[5], '0')
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1`;

/**
 * ARGV: id, chain, marks before or '', since, chain that ends or '', cursor, position, life, then tag and mark in turn. The first
 * write is one that is refused when memory is full: then nothing is written. A tag that was last marked with the same is left alone.
 */
export const MARK = `
local h = redis.call('HMGET', KEYS[1], '${F.id}', '${F.cursor}', '${F.at}', '${F.chain}' .. ARGV[2])
if h[1] ~= ARGV[1] then return 'lost' end
if ARGV[3] == '' then
  if h[2] < ARGV[4] then return 'lost' end
elseif h[4] ~= ARGV[3] then
  return 'lost'
end
if redis.call('HLEN', KEYS[1]) > ${MOST_FIELDS} then return 'full' end
local number = 0
if ARGV[3] ~= '' then number = tonumber(ARGV[3]) + 1 end
redis.call('HSET', KEYS[1], '${F.chain}' .. ARGV[2], string.format('%d', number))
if ARGV[5] ~= '' then redis.call('HDEL', KEYS[1], '${F.chain}' .. ARGV[5]) end
if h[2] < ARGV[6] then redis.call('HSET', KEYS[1], '${F.cursor}', ARGV[6]) end
if h[3] < ARGV[7] then redis.call('HSET', KEYS[1], '${F.at}', ARGV[7]) end
for i = 9, #ARGV, 2 do
  local version, mark, at = '0', '', ''
  local field = redis.call('HGET', KEYS[1], ARGV[i])
  if field then version, mark, at = string.match(field, '^(%d+) (%S+) (%S+)$') end
  if mark ~= ARGV[i + 1] then
    if at < ARGV[7] then at = ARGV[7] end
    redis.call('HSET', KEYS[1], ARGV[i], string.format('%d', tonumber(version) + 1) .. ' ' .. ARGV[i + 1] .. ' ' .. at)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[8])
return 'marked'`;

/** ARGV: owner. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;
