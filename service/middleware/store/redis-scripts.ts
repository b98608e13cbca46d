import type { Result } from "ioredis";

/**
 * What happens to a call in one step inside Redis. All keys share one hash tag, so that a cluster keeps them together.
 * `call:<id>` hash of the record (JSON) and the token of its last write · `sid:<sid>` the call id · `calls` and `active`
 * call ids by start · `changed` call ids by revision · `claim:<id>` the holder · `revision` counter, published on the channel of the same name.
 */

/** A call id leaves `changed` only after more changes of others than any client may lag behind. */
const CHANGED_KEPT = 10_000;

const TELL = `
local function tell(prefix, id)
  local revision = redis.call('INCR', prefix .. 'revision')
  redis.call('ZADD', prefix .. 'changed', revision, id)
  redis.call('ZREMRANGEBYRANK', prefix .. 'changed', 0, -${CHANGED_KEPT + 1})
  redis.call('PUBLISH', prefix .. 'revision', revision)
end
`;

/**
 * KEYS: sid, call. ARGV: prefix, id, record, token, start, TTL in ms. Returns how many calls are active, and the record that was there,
 * if any.
 */
const CREATE = `${TELL}
local prefix, id, ttl = ARGV[1], ARGV[2], ARGV[6]
if not redis.call('SET', KEYS[1], id, 'NX', 'PX', ttl) then
  local known = redis.call('HGET', prefix .. 'call:' .. redis.call('GET', KEYS[1]), 'record')
  if known then return {redis.call('ZCARD', prefix .. 'active'), known} end
  redis.call('SET', KEYS[1], id, 'PX', ttl)
end
redis.call('HSET', KEYS[2], 'record', ARGV[3], 'token', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ttl)
redis.call('ZADD', prefix .. 'calls', ARGV[5], id)
redis.call('ZADD', prefix .. 'active', ARGV[5], id)
tell(prefix, id)
return {redis.call('ZCARD', prefix .. 'active')}
`;

/**
 * KEYS: call, sids… ARGV: prefix, id, record, token, start, TTL in ms, token read, 1 = ended, oldest start to keep.
 * Returns 1 when written. A write that was sent twice, because its answer was lost, counts once.
 */
const UPDATE = `${TELL}
local prefix, id, ttl = ARGV[1], ARGV[2], ARGV[6]
local token = redis.call('HGET', KEYS[1], 'token')
if token == ARGV[4] then return 1 end
if token ~= ARGV[7] then return 0 end
redis.call('HSET', KEYS[1], 'record', ARGV[3], 'token', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ttl)
for index = 2, #KEYS do redis.call('SET', KEYS[index], id, 'PX', ttl) end
if ARGV[8] == '1' then
  redis.call('ZREM', prefix .. 'active', id)
  redis.call('ZREMRANGEBYSCORE', prefix .. 'calls', '-inf', ARGV[9])
end
tell(prefix, id)
return 1
`;

/** KEYS: claims. ARGV: holder, TTL in ms. Returns the positions, from 1, of the keys that the holder has now. */
const CLAIM = `
local held = {}
for index, key in ipairs(KEYS) do
  local known = redis.call('GET', key)
  if not known or known == ARGV[1] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    held[#held + 1] = index
  end
end
return held
`;

declare module "ioredis" {
  interface RedisCommander<Context> {
    createCall(...keysAndValues: string[]): Result<[active: number, known?: string], Context>;
    updateCall(keys: number, ...keysAndValues: string[]): Result<number, Context>;
    claimCalls(keys: number, ...keysAndValues: string[]): Result<number[], Context>;
  }
}

/** Commands of a connection: Redis keeps each script and is told its digest only, until it has forgotten it. */
export const SCRIPTS = {
  createCall: { lua: CREATE, numberOfKeys: 2 },
  updateCall: { lua: UPDATE },
  claimCalls: { lua: CLAIM },
};
