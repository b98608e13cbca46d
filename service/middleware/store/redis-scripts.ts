import type { Result } from "ioredis";
import { EVENT_KEPT_MS } from "./retention.ts";

/**
 * What happens to a call in one step inside Redis. `own` is the prefix of the stack's keys, which share one hash tag; `home` is the prefix
 * where a live call is kept: `own`, or that of an earlier version (redis-keys.ts lists the keys).
 */

/** A call id leaves `changed` only after more changes of others than any client may lag behind. */
const CHANGED_KEPT = 10_000;

const TELL = `
local function tell(own, id)
  local revision = redis.call('INCR', own .. 'revision')
  redis.call('ZADD', own .. 'changed', revision, id)
  redis.call('ZREMRANGEBYRANK', own .. 'changed', 0, -${CHANGED_KEPT + 1})
  redis.call('PUBLISH', own .. 'revision', revision)
end
`;

/** Fails on an index of a wrong type before anything is written. */
const SOUND = `
local function sound(home, own, others)
  redis.call('ZCARD', home .. 'active')
  redis.call('ZCARD', own .. 'changed')
  if others then
    redis.call('HLEN', own .. 'ended')
    redis.call('ZCARD', own .. 'ended:start')
    redis.call('LLEN', own .. 'ended:order')
  end
end
`;

/** Frees memory only: Redis allows it also when it is full. The fourth part of a packed record holds the ids of its legs. */
const FORGET = `
local function forgetOldest(own)
  local entry = redis.call('LPOP', own .. 'ended:order')
  local id = entry and string.match(entry, ':(.*)$')
  if not id then return false end
  local isRead, packed = pcall(cjson.decode, redis.call('HGET', own .. 'ended', id) or '')
  for _, sid in ipairs(isRead and packed[4] or {}) do
    local key = own .. 'sid:' .. tostring(sid)
    if redis.call('GET', key) == id then redis.call('DEL', key) end
  end
  redis.call('HDEL', own .. 'ended', id)
  redis.call('ZREM', own .. 'ended:start', id)
  return true
end
`;

/** Notes that an ended call is to be told. Whatever is wrong with these keys, the call ends all the same. */
const EVENTS = `
local function forgetEvent(own, id)
  redis.pcall('ZREM', own .. 'events:due', id)
  redis.pcall('HDEL', own .. 'events', id)
  redis.pcall('HDEL', own .. 'events:tries', id)
end
local function dropEvents(own, most)
  if most <= 0 then return 0 end
  local ids = redis.pcall('ZRANGE', own .. 'events:due', 0, most - 1)
  for _, id in ipairs(ids) do forgetEvent(own, id) end
  if #ids > 0 then redis.pcall('INCRBY', own .. 'events:dropped', #ids) end
  return #ids
end
local function noteEvent(own, id, packed, at, most)
  redis.pcall('HSET', own .. 'events', id, packed)
  local waiting = redis.pcall('ZADD', own .. 'events:due', at, id) and redis.pcall('ZCARD', own .. 'events:due')
  for _, name in ipairs({'events', 'events:due', 'events:tries', 'events:dropped'}) do
    redis.pcall('PEXPIRE', own .. name, ${2 * EVENT_KEPT_MS})
  end
  if type(waiting) == 'number' then dropEvents(own, math.min(waiting - most, 100)) end
end
`;

/**
 * KEYS: sid, call. ARGV: own, id, record, token, start, TTL in ms, the id of a live call whose place this one takes, or none. Returns how
 * many calls are active, and the id of the call that was there, if any.
 */
const CREATE = `${TELL}${SOUND}
local own, id, ttl = ARGV[1], ARGV[2], ARGV[6]
sound(own, own)
local earlier = ARGV[7]
if earlier == '' or redis.call('GET', KEYS[1]) ~= earlier then earlier = nil end
if earlier and redis.call('EXISTS', own .. 'call:' .. earlier) == 1 then
  redis.call('SET', KEYS[1], id, 'PX', ttl)
elseif not redis.call('SET', KEYS[1], id, 'NX', 'PX', ttl) then
  local held = redis.call('GET', KEYS[1])
  local isKnown = redis.call('EXISTS', own .. 'call:' .. held) + redis.call('HEXISTS', own .. 'ended', held) > 0
  if isKnown then return {redis.call('ZCARD', own .. 'active'), held} end
  redis.call('SET', KEYS[1], id, 'PX', ttl)
end
redis.call('HSET', KEYS[2], 'record', ARGV[3], 'token', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ttl)
redis.call('ZADD', own .. 'active', ARGV[5], id)
tell(own, id)
return {redis.call('ZCARD', own .. 'active')}
`;

/**
 * KEYS: call, sids… ARGV: own, id, record, token, token read, TTL in ms. Returns 1 when written. A write that was sent twice, because its
 * answer was lost, counts once.
 */
const UPDATE = `${TELL}${SOUND}
local own, id, ttl = ARGV[1], ARGV[2], ARGV[6]
local token = redis.call('HGET', KEYS[1], 'token')
if token == ARGV[4] then return 1 end
if token ~= ARGV[5] then return 0 end
sound(own, own)
redis.call('HSET', KEYS[1], 'record', ARGV[3], 'token', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ttl)
for index = 2, #KEYS do redis.call('SET', KEYS[index], id, 'PX', ttl) end
tell(own, id)
return 1
`;

/**
 * The live record first: a script that has freed something may write although Redis is full.
 * KEYS: call, sids… ARGV: own, id, packed record, home, token read, TTL in ms, start, end, TTL of the sids, how many to keep,
 * how many may wait to be told.
 */
const FINISH = `${TELL}${SOUND}${FORGET}${EVENTS}
local own, id, home, ttl = ARGV[1], ARGV[2], ARGV[4], ARGV[6]
local token = redis.call('HGET', KEYS[1], 'token')
if not token then return redis.call('HEXISTS', own .. 'ended', id) end
if token ~= ARGV[5] then return 0 end
sound(home, own, true)
redis.call('DEL', KEYS[1])
redis.call('ZREM', home .. 'active', id)
redis.call('ZREM', home .. 'calls', id)
for index = 2, #KEYS do redis.call('SET', KEYS[index], id, 'PX', ARGV[9]) end
redis.call('HSET', own .. 'ended', id, ARGV[3])
redis.call('ZADD', own .. 'ended:start', ARGV[7], id)
local kept = redis.call('RPUSH', own .. 'ended:order', ARGV[8] .. ':' .. id)
for _, name in ipairs({'ended', 'ended:start', 'ended:order'}) do redis.call('PEXPIRE', own .. name, ttl) end
for _ = 1, math.min(kept - tonumber(ARGV[10]), 100) do forgetOldest(own) end
if tonumber(ARGV[11]) > 0 then noteEvent(own, id, ARGV[3], ARGV[8], tonumber(ARGV[11])) end
tell(own, id)
return 1
`;

/**
 * Forgets ended calls, the oldest end first. ARGV: own, home of earlier versions, how many at most, end before which (ms since 1970).
 * Returns how many. When there is none any more: those of earlier versions, which lie beside the live ones.
 */
const FORGET_ENDED = `${FORGET}${EVENTS}
local own, earlier, most, before = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local count = 0
while count < most do
  local oldest = redis.call('LINDEX', own .. 'ended:order', 0)
  if not oldest or tonumber(string.match(oldest, '^%d+') or 0) >= before then break end
  forgetOldest(own)
  count = count + 1
end
if count > 0 then return count end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', earlier .. 'calls', '-inf', '(' .. ARGV[4], 'LIMIT', 0, most)) do
  if not redis.call('ZSCORE', earlier .. 'active', id) then
    redis.call('DEL', earlier .. 'call:' .. id)
    redis.call('ZREM', earlier .. 'calls', id)
    count = count + 1
  end
end
if count == 0 and ARGV[4] == '${Number.MAX_SAFE_INTEGER}' then return dropEvents(own, most) end
return count
`;

/** All by Redis' clock: those of the instances may differ. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: holders. ARGV: holder, for how many ms it lives. Returns all that live. */
const HOLD = `${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
`;

/** KEYS: agents. ARGV: worker, its pulse as JSON. */
const NOTE_PULSE = `${NOW}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ':' .. ARGV[2])
return 1
`;

/** KEYS: agents. ARGV: forgotten after, ms. Returns `<age>:<pulse>` of each that is not. */
const PULSES = `${NOW}
local found = {}
local all = redis.call('HGETALL', KEYS[1])
for index = 1, #all, 2 do
  local at, pulse = string.match(all[index + 1], '^(%d+):(.*)$')
  local age = now - (at or 0)
  if age < tonumber(ARGV[1]) then
    found[#found + 1] = string.format('%.0f', math.max(age, 0)) .. ':' .. pulse
  else
    redis.call('HDEL', KEYS[1], all[index])
  end
end
return found
`;

/**
 * ARGV: own, how many at most, for how many ms nobody else gets them. Returns how many were dropped since the last time, then `{id, tries,
 * packed record}` of each, those first that are due for longest.
 */
const DUE_EVENTS = `${NOW}
local own = ARGV[1]
local found = {tonumber(redis.call('GET', own .. 'events:dropped') or 0)}
redis.call('DEL', own .. 'events:dropped')
local due = redis.call('ZRANGE', own .. 'events:due', '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  local packed = redis.call('HGET', own .. 'events', id)
  if packed then
    redis.call('ZADD', own .. 'events:due', string.format('%.0f', now + ARGV[3]), id)
    found[#found + 1] = {id, redis.call('HINCRBY', own .. 'events:tries', id, 1), packed}
  else
    redis.call('ZREM', own .. 'events:due', id)
    redis.call('HDEL', own .. 'events:tries', id)
  end
end
return found
`;

/** ARGV: own, id, in how many ms again; empty: never. */
const SETTLE_EVENT = `${NOW}${EVENTS}
local own, id = ARGV[1], ARGV[2]
if ARGV[3] == '' then
  forgetEvent(own, id)
else
  redis.call('ZADD', own .. 'events:due', 'XX', string.format('%.0f', now + ARGV[3]), id)
end
return 1
`;

/**
 * Writes to each key that calls need, reads back, and takes away what it wrote; nothing of it is seen outside. ARGV: own, a text.
 * Returns the text as read; an error names its key.
 */
const PROBE = `
local own, text, id = ARGV[1], ARGV[2], '~probe'
local failure
local function try(command, name, ...)
  if failure then return end
  local answer = redis.pcall(command, own .. name, ...)
  if type(answer) == 'table' and answer.err then failure = answer.err .. ' (' .. own .. name .. ')' end
  return answer
end
try('INCRBY', 'revision', 0)
for _, name in ipairs({'active', 'changed', 'ended:start'}) do
  try('ZADD', name, 0, id)
  try('ZREM', name, id)
end
try('RPUSH', 'ended:order', id)
try('RPOP', 'ended:order')
try('HSET', 'ended', id, text)
try('HDEL', 'ended', id)
try('SET', 'sid:' .. id, id, 'PX', 60000)
try('HSET', 'call:' .. id, 'record', text)
local read = try('HGET', 'call:' .. id, 'record')
try('DEL', 'call:' .. id)
try('DEL', 'sid:' .. id)
if failure then return redis.error_reply(failure) end
return read
`;

declare module "ioredis" {
  interface RedisCommander<Context> {
    createCall(...keysAndValues: string[]): Result<[active: number, heldId?: string], Context>;
    updateCall(keys: number, ...keysAndValues: string[]): Result<number, Context>;
    finishCall(keys: number, ...keysAndValues: string[]): Result<number, Context>;
    forgetEnded(own: string, earlier: string, most: string, before: string): Result<number, Context>;
    hold(holders: string, holder: string, keepMs: string): Result<string[], Context>;
    notePulse(agents: string, worker: string, pulse: string): Result<number, Context>;
    pulses(agents: string, keptMs: string): Result<string[], Context>;
    dueEvents(
      own: string,
      most: string,
      leaseMs: string,
    ): Result<[dropped: number, ...events: [callId: string, tries: number, packed: string][]], Context>;
    settleEvent(own: string, callId: string, againInMs: string): Result<number, Context>;
    probe(own: string, text: string): Result<string, Context>;
  }
}

/** Commands of a connection: Redis keeps each script and is told its digest only, until it has forgotten it. */
export const SCRIPTS = {
  createCall: { lua: CREATE, numberOfKeys: 2 },
  updateCall: { lua: UPDATE },
  finishCall: { lua: FINISH },
  forgetEnded: { lua: FORGET_ENDED, numberOfKeys: 0 },
  hold: { lua: HOLD, numberOfKeys: 1 },
  notePulse: { lua: NOTE_PULSE, numberOfKeys: 1 },
  pulses: { lua: PULSES, numberOfKeys: 1 },
  dueEvents: { lua: DUE_EVENTS, numberOfKeys: 0 },
  settleEvent: { lua: SETTLE_EVENT, numberOfKeys: 0 },
  probe: { lua: PROBE, numberOfKeys: 0 },
};
