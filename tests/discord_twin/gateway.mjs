// The gateway: sessions that can be resumed, intents, shards, and the fields that the twin leaves out.
import { isThread, S } from './state.mjs'

const GUILD_MEMBERS = 1 << 1
const MESSAGE_CONTENT = 1 << 15
const sessions = S.sessions

export const polish = channel => {
  if (!channel?.id || channel.type === undefined) return channel
  const extra = S.extras.get(channel.id) ?? {}
  if (channel.type === 1) return { ...channel, guild_id: undefined, recipients: [S.dms.get(channel.id)].filter(Boolean) }
  if (!isThread(channel.type)) return { nsfw: false, ...(channel.type === 2 ? { bitrate: 64000, user_limit: 0, rtc_region: null } : {}), ...channel, permission_overwrites: extra.permission_overwrites ?? [] }
  const meta = { ...channel.thread_metadata, ...(channel.type === 12 ? { invitable: extra.invitable ?? S.creating.invitable ?? true } : {}) }
  return { ...channel, thread_metadata: meta }
}

const shardOf = (guild, count) => (guild ? Number((BigInt(guild) >> 22n) % BigInt(count)) : 0)

// What this session is told of an event; nothing when its intents or its shard say so.
function told(session, event, data) {
  const guild = event.startsWith('GUILD_') && !data.guild_id ? data.id : data.guild_id
  if (event !== 'INTERACTION_CREATE' && shardOf(guild, session.shard[1]) !== session.shard[0] && event !== 'READY') return null
  if (event === 'INTERACTION_CREATE' && shardOf(data.guild_id, session.shard[1]) !== session.shard[0]) return null
  const members = session.intents & GUILD_MEMBERS
  if (/^GUILD_MEMBER_(ADD|REMOVE|UPDATE)$/.test(event) && !members) return null
  if (event.startsWith('MESSAGE_') && data.flags & 64) return null // nobody hears of an ephemeral message
  if (event === 'MESSAGE_CREATE' && !(session.intents & MESSAGE_CONTENT) && data.guild_id && data.author?.id !== S.d.botUserId)
    return { ...data, content: '', embeds: [], attachments: [], components: [] }
  if (event === 'THREAD_MEMBERS_UPDATE' && !members) {
    const mine = x => (x.user_id ?? x) === S.d.botUserId
    const added = (data.added_members ?? []).filter(mine)
    const removed = (data.removed_member_ids ?? []).filter(mine)
    return added.length || removed.length ? { ...data, added_members: added, removed_member_ids: removed } : null
  }
  return data
}

// Another server's way of saying an event: fields left out, others said instead (both as dotted paths), or something else
// as a whole; gives undefined where it says nothing.
export function shaped(event, data) {
  const { mute, without = [], instead = {}, whole } = S.shapes.get(event) ?? {}
  if (mute || whole !== undefined) return mute ? undefined : whole
  const said = without.length || Object.keys(instead).length ? JSON.parse(JSON.stringify(data)) : data
  const at = path => path.split('.').slice(0, -1).reduce((part, key) => part?.[key], said)
  for (const path of without) delete at(path)?.[path.split('.').at(-1)]
  for (const [path, value] of Object.entries(instead)) at(path)[path.split('.').at(-1)] = value
  return said
}

const send = (session, payload) => session.ws.readyState === 1 && session.ws.send(JSON.stringify(payload))

function dispatch(session, event, data) {
  let seen = told(session, event, data)
  if (seen === null) return
  seen = event.startsWith('MESSAGE_REACTION_') ? { type: 0, burst: false, ...seen } : { ...seen }
  if (!seen.guild_id) delete seen.guild_id
  if (/^(CHANNEL|THREAD)_(CREATE|UPDATE)$/.test(event)) seen = polish(seen)
  if ((seen = shaped(event, seen)) === undefined) return
  const payload = { op: 0, t: event, s: ++session.sequence, d: seen }
  session.log.push(payload)
  if (session.log.length > 5000) session.log.shift()
  send(session, payload)
}

export const broadcast = (event, data) => {
  for (const session of sessions.values()) dispatch(session, event, data)
  if (event.startsWith('MESSAGE_') || event.startsWith('THREAD_')) S.tell({ event: 'said' })
}

export async function guildCreated(id) {
  const state = (await S.gateway.loadState()).guilds.find(g => g.id === id)
  for (const session of sessions.values()) announce(session, state, true)
}

// A server that was there at READY becomes available; one that is new has no such word.
function announce(session, g, isNew = false) {
  const members = session.intents & GUILD_MEMBERS ? g.members : g.members.filter(m => m.user.id === S.d.botUserId)
  const mine = { id: '', user_id: S.d.botUserId, join_timestamp: g.joinedAt, flags: 0 }
  const threads = g.channels.filter(c => isThread(c.type) && !c.thread_metadata.archived)
  dispatch(session, 'GUILD_CREATE', {
    ...g.apiGuild, joined_at: g.joinedAt, large: false, ...(isNew ? {} : { unavailable: false }), member_count: g.members.length, members,
    channels: g.channels.filter(c => !isThread(c.type)).map(polish), threads: threads.map(t => ({ ...polish(t), member: { ...mine, id: t.id } })),
    voice_states: [], presences: [], stage_instances: [], soundboard_sounds: [],
    guild_scheduled_events: [...S.events.values()].filter(e => e.guild_id === g.id),
  })
}

async function identify(client, { token, intents, shard }) {
  if (token.replace(/^Bot\s+/i, '') !== S.token) return client.ws.close(4004, 'Authentication failed')
  const session = { id: client.sessionId, ws: client.ws, sequence: 0, intents, shard: shard ?? [0, 1], log: [] }
  const state = await S.gateway.loadState()
  const guilds = state.guilds.filter(g => shardOf(g.id, session.shard[1]) === session.shard[0])
  sessions.set(session.id, session)
  dispatch(session, 'READY', {
    v: 10, user: state.botUser, guilds: guilds.map(g => ({ id: g.id, unavailable: true })), session_id: session.id, shard: session.shard,
    resume_gateway_url: `ws://127.0.0.1:${S.port}/gateway`, application: { id: S.d.botUserId, flags: 0 },
  })
  for (const guild of guilds) announce(session, guild)
}

function resume(client, { session_id: id, seq }) {
  const session = sessions.get(id)
  if (S.refuse > 0 || !session) {
    S.refuse = Math.max(0, S.refuse - 1)
    sessions.delete(id)
    return client.ws.send(JSON.stringify({ op: 9, d: false, s: null, t: null }))
  }
  session.ws = client.ws
  for (const payload of session.log) if (payload.s > seq) send(session, payload)
  dispatch(session, 'RESUMED', {})
}

// The chunks of OP 8: the members that were asked for, by id or by the beginning of a name.
async function chunk(client, { guild_id: guild, user_ids: ids, query = '', nonce }) {
  const state = (await S.gateway.loadState()).guilds.find(g => g.id === guild)
  const wanted = ids === undefined ? m => m.user.username.startsWith(query) : m => [ids].flat().includes(m.user.id)
  const session = [...sessions.values()].find(s => s.ws === client.ws)
  if (session && state) dispatch(session, 'GUILD_MEMBERS_CHUNK', { guild_id: guild, members: state.members.filter(wanted), chunk_index: 0, chunk_count: 1, not_found: [], nonce })
}

export function takeOver(gateway) {
  S.gateway = gateway
  gateway.broadcast = broadcast
  gateway.handleMessage = async (client, raw) => {
    if (S.held) return S.held.push([client, raw])
    const { op, d } = JSON.parse(raw)
    if (op === 1) client.ws.send(JSON.stringify({ op: 11, d: null, s: null, t: null }))
    if (op === 2) await identify(client, d)
    if (op === 6) resume(client, d)
    if (op === 8) await chunk(client, d)
  }
}

export const lines = {
  // Close every socket; the sessions stay, so they can be resumed.
  drop: ({ code = 4000, hold = false } = {}) => {
    if (hold) S.held = []
    return S.gateway.clients.map(c => c.ws.close(code)).length
  },
  // Listen again, after a drop that was held.
  back: async () => {
    const held = S.held ?? []
    S.held = null
    for (const [client, raw] of held) await S.gateway.handleMessage(client, raw)
    return held.length
  },
  // Cut every socket without a word.
  cut: () => S.gateway.clients.map(c => c.ws.terminate()).length,
  // Ask every client to reconnect (OP 7).
  reconnect: () => S.gateway.clients.map(c => c.ws.send(JSON.stringify({ op: 7, d: null, s: null, t: null }))).length,
  refuse_resume: ({ times = 1 } = {}) => (S.refuse = times),
  sessions: () => [...sessions.values()].map(s => ({ id: s.id, open: s.ws.readyState === 1, intents: s.intents, shard: s.shard, heard: s.log.map(p => p.t) })),
  shape: ({ event, ...how }) => S.shapes.set(event, how).size,
  raw: ({ event, data }) => broadcast(event, data) ?? null,
}
