// People: what they do, what they see, and what happens to their servers.
import { broadcast, guildCreated, polish } from './gateway.mjs'
import { CONNECT, isVoice, VIEW } from './permissions.mjs'
import { dmOf, keep, outOfThread } from './routes.mjs'
import { inner, iso, isThread, S, snowflake, SUPPRESSED } from './state.mjs'

const db = () => S.d.prisma
const EVERYBODY = '1071698660929'
const BOT = String(0x400n | 0x800n | 0x4000n | 0x8000n | 0x10000n | 0x10n | 0x2000n | (1n << 28n) | (1n << 31n) | (1n << 33n) | (1n << 34n) | (1n << 36n) | (1n << 38n) | (1n << 44n) | (1n << 51n))

const memberOf = async (guild, user) => (await inner('GET', `/guilds/${guild}/members/${user}`)).body

export async function botRole(guild) {
  const id = snowflake()
  await db().role.create({ data: { id, guildId: guild, name: 'halqa', permissions: BOT, position: 1, managed: true } })
  await db().guildMember.update({ where: { guildId_userId: { guildId: guild, userId: S.d.botUserId } }, data: { roles: JSON.stringify([id]) } })
}

async function person({ name, guilds = [S.d.guildId], permissions = EVERYBODY, nick = null }) {
  const known = await db().user.findFirst({ where: { username: name } })
  const id = known?.id ?? snowflake()
  if (!known) await db().user.create({ data: { id, username: name, globalName: name[0].toUpperCase() + name.slice(1) } })
  for (const guild of guilds) await come({ user: id, guild, permissions, nick })
  return { id, dm: (await dmOf(await db().user.findUnique({ where: { id } }))).id }
}

async function come({ user, guild = S.d.guildId, permissions = EVERYBODY, nick = null }) {
  const where = { guildId_userId: { guildId: guild, userId: user } }
  await db().guildMember.upsert({ where, create: { guildId: guild, userId: user, permissions, nick }, update: { permissions, nick } })
  broadcast('GUILD_MEMBER_ADD', { ...(await memberOf(guild, user)), guild_id: guild })
  return null
}

async function go({ user, guild = S.d.guildId }) {
  await db().guildMember.delete({ where: { guildId_userId: { guildId: guild, userId: user } } })
  const there = await db().threadMember.findMany({ where: { userId: user }, include: { channel: true } })
  for (const { channel } of there) if (channel.guildId === guild) await outOfThread(channel, user)
  const who = await db().user.findUnique({ where: { id: user } })
  broadcast('GUILD_MEMBER_REMOVE', { guild_id: guild, user: { id: who.id, username: who.username, discriminator: '0', avatar: null, global_name: who.globalName } })
  return null
}

// A gesture: an interaction that the bot has three seconds to answer. Gives what came of it.
async function gesture({ type, channel, user, data, message, locale = 'en-US', wait = true, within = 15000, resolved }) {
  const id = snowflake()
  const token = `aW50ZXJhY3Rpb246${id}`
  const place = (await inner('GET', `/channels/${channel}`)).body
  const guild = place.guild_id || undefined
  await db().interactionResponse.create({ data: { interactionId: id, interactionToken: token, applicationId: S.d.botUserId, channelId: channel, type: 0, messageId: message ?? null } })
  const it = { id, token, user, type, at: Date.now(), message, answered: undefined }
  const acknowledged = new Promise(ok => (it.acknowledged = ok))
  const settled = new Promise(ok => (it.settled = ok))
  S.interactions.set(id, it)
  S.tokens.set(token, it)
  const shown = message && (await inner('GET', `/channels/${channel}/messages/${message}`)).body
  const member = guild && (await memberOf(guild, user))
  const row = guild && (await db().guildMember.findUnique({ where: { guildId_userId: { guildId: guild, userId: user } } }))
  const roles = guild && (await db().role.findMany({ where: { guildId: guild } }))
  const mine = guild && JSON.parse((await db().guildMember.findUnique({ where: { guildId_userId: { guildId: guild, userId: S.d.botUserId } } }))?.roles ?? '[]')
  const might = guild && roles.filter(r => r.id === guild || mine.includes(r.id)).reduce((all, r) => all | BigInt(r.permissions), 0n)
  const named = resolved ? { resolved: await resolve(resolved, guild) } : {}
  it.at = Date.now() // the three seconds run from here, however long the stand-in took to prepare
  broadcast('INTERACTION_CREATE', {
    id, application_id: S.d.botUserId, type, data: { ...data, ...named }, channel_id: channel, channel: polish(place), token, version: 1,
    ...(guild ? { guild_id: guild, guild: { id: guild, locale: 'en-US', features: [] }, member: { ...member, permissions: row?.permissions ?? EVERYBODY } } : { user: S.dms.get(channel) }),
    ...(shown ? { message: shown } : {}), locale, guild_locale: 'en-US', app_permissions: String(might || BOT), entitlements: [],
    authorizing_integration_owners: { 0: guild ?? '0' }, context: guild ? 0 : 1, attachment_size_limit: 10485760,
  })
  if (!wait) return { id, token }
  const limit = ms => new Promise(ok => setTimeout(() => ok('late'), ms).unref())
  if ((await Promise.race([acknowledged, limit(S.answerMs + 50)])) === 'late') return { id, token, kind: null }
  if (it.answered === 5 && (await Promise.race([settled, limit(within)])) === 'late') return { id, token, kind: 5 }
  return outcome({ id })
}

// Many commands at a steady pace, kept in memory alone, to measure how soon a bot answers: milliseconds for each, null
// where no answer came in time. ``data`` is what a slash command carries.
async function flood({ users, channel, data, per_second: pace = 100, seconds = 1 }) {
  const guild = S.d.guildId
  const members = await Promise.all(users.map(u => memberOf(guild, u)))
  const place = polish((await inner('GET', `/channels/${channel}`)).body)
  const begun = Date.now()
  const waits = []
  for (let n = 0; n < pace * seconds; n++) {
    const early = begun + (n * 1000) / pace - Date.now()
    if (early > 0) await new Promise(ok => setTimeout(ok, early))
    const id = snowflake()
    const it = { id, token: `aW50ZXJhY3Rpb246${id}`, user: users[n % users.length], type: 2, at: Date.now(), since: performance.now(), channel, answered: undefined, isLight: true }
    S.interactions.set(id, it)
    S.tokens.set(it.token, it)
    waits.push(new Promise(ok => {
      const late = setTimeout(() => ok(null), S.answerMs)
      it.acknowledged = () => { clearTimeout(late); ok(performance.now() - it.since) }
      it.settled = () => {}
    }))
    broadcast('INTERACTION_CREATE', {
      id, application_id: S.d.botUserId, type: 2, data, guild_id: guild, guild: { id: guild, locale: 'en-US', features: [] }, channel_id: channel, channel: place,
      member: { ...members[n % users.length], permissions: EVERYBODY }, token: it.token, version: 1, locale: 'en-US', guild_locale: 'en-US', app_permissions: BOT, entitlements: [],
      authorizing_integration_owners: { 0: guild }, context: 0, attachment_size_limit: 10485760,
    })
  }
  return Promise.all(waits)
}

async function outcome({ id }) {
  const it = S.interactions.get(id)
  const row = it.reply && (await db().message.findUnique({ where: { id: it.reply } }))
  return { id, token: it.token, kind: it.answered ?? null, data: it.data, ephemeral: Boolean(it.hidden), message: row ? await described(row) : null, took: Date.now() - it.at }
}

async function resolve({ users = [], attachments = [] }, guild) {
  const found = { users: {}, members: {}, attachments: {} }
  for (const id of users) {
    const { user, ...member } = await memberOf(guild, id)
    found.users[id] = user
    found.members[id] = { ...member, permissions: EVERYBODY }
  }
  for (const one of attachments) found.attachments[one.id] = one
  return found
}

const upload = ({ name, type, base64 }) => keep([{ name: 'files[0]', filename: name, type, content: Buffer.from(base64, 'base64') }])[0]

async function described(row, channel) {
  channel ??= await db().channel.findUnique({ where: { id: row.channelId } })
  const attachments = JSON.parse(row.attachments)
  return {
    id: row.id, channel: channel.id, place: channel.type === 1 ? 'dm' : channel.name, type: channel.type, author: row.authorId, content: row.content,
    embeds: row.flags & SUPPRESSED ? [] : JSON.parse(row.embeds), components: JSON.parse(row.components), attachments, flags: row.flags, nonce: row.nonce, pinned: row.pinned,
    edited: row.editedTimestamp !== null, ephemeral: Boolean(row.flags & 64), pings: S.pings.get(row.id) ?? [], at: iso(row.timestamp),
  }
}

// In a voice channel only who may connect reads what is written (developer documentation: Get Channel Messages).
const isHidden = (channel, user) => {
  const over = S.extras.get(channel.id)?.permission_overwrites ?? []
  const of = id => over.find(o => o.id === id)
  const lacks = one => Boolean(BigInt(of(channel.guildId)?.deny ?? 0) & one) && !(BigInt(of(user)?.allow ?? 0) & one)
  return lacks(VIEW) || (isVoice(channel.type) && lacks(CONNECT))
}

// Everything that she can read, oldest first.
async function seen({ user }) {
  const guilds = (await db().guildMember.findMany({ where: { userId: user } })).map(m => m.guildId)
  const mine = new Set((await db().threadMember.findMany({ where: { userId: user } })).map(t => t.channelId))
  const channels = new Map((await db().channel.findMany()).map(c => [c.id, c]))
  const open = c => {
    if (c.type === 1) return S.dms.get(c.id)?.id === user
    if (!guilds.includes(c.guildId)) return false
    if (isThread(c.type)) { const parent = channels.get(c.parentId); return Boolean(parent) && open(parent) && (c.type !== 12 || mine.has(c.id)) }
    return !isHidden(c, user)
  }
  const rows = await db().message.findMany({ orderBy: { id: 'asc' } })
  const hers = rows.filter(r => open(channels.get(r.channelId)) && (r.authorId !== S.d.botUserId || S.pings.has(r.id)) && (!(r.flags & 64) || S.ephemeral.get(r.id) === user))
  return Promise.all(hers.map(r => described(r, channels.get(r.channelId))))
}

async function rooms() {
  const rows = await db().channel.findMany({ include: { threadMembers: true } })
  return rows.filter(c => c.type !== 1).map(c => ({ id: c.id, guild: c.guildId, name: c.name, type: c.type, parent: c.parentId, topic: c.topic, archived: c.archived, locked: c.locked, people: c.threadMembers.map(m => m.userId), ...(S.extras.get(c.id) ?? {}) }))
}

async function says({ user, channel, words }) {
  const made = await S.d.simulateUserMessage({ channelId: channel, userId: user, content: words })
  return made.id
}

async function guildCreate({ name = 'Another server', channels = ['general'], members = [] }) {
  const guild = snowflake()
  await db().guild.create({ data: { id: guild, name, ownerId: '1' } })
  await db().role.create({ data: { id: guild, guildId: guild, name: '@everyone', permissions: EVERYBODY } })
  for (const userId of [S.d.botUserId, ...members]) await db().guildMember.create({ data: { guildId: guild, userId } })
  await botRole(guild)
  const made = []
  for (const n of channels) { const id = snowflake(); await db().channel.create({ data: { id, guildId: guild, type: 0, name: n } }); made.push(id) }
  S.denied.delete(guild)
  await guildCreated(guild)
  return { guild, channels: made }
}

// The bot is shown the door; with unavailable, the server is only out of order.
async function guildDelete({ guild = S.d.guildId, unavailable = false }) {
  if (!unavailable) {
    for (const channel of await db().channel.findMany({ where: { guildId: guild } })) S.denied.add(channel.id)
    S.denied.add(guild)
    await db().guild.delete({ where: { id: guild } })
    S.commands.delete(guild)
  }
  broadcast('GUILD_DELETE', { id: guild, ...(unavailable ? { unavailable: true } : {}) })
  return null
}

// Servers for a start-up with many: one channel each, made in bulk and not announced to anybody.
async function manyGuilds({ count }) {
  const ids = Array.from({ length: count }, (_, i) => String(BigInt(snowflake()) + (BigInt(i + 1) << 22n)))
  await db().guild.createMany({ data: ids.map((id, i) => ({ id, name: `Server ${i}`, ownerId: '1' })) })
  await db().role.createMany({ data: ids.map(id => ({ id, guildId: id, name: '@everyone', permissions: EVERYBODY })) })
  await db().guildMember.createMany({ data: ids.map(guildId => ({ guildId, userId: S.d.botUserId })) })
  await db().channel.createMany({ data: ids.map(id => ({ id: String(BigInt(id) + 1n), guildId: id, type: 0, name: 'general' })) })
  return ids
}

// A category with these channels in it, and more of no other use where it is to be full.
async function category({ name = 'Circles', channels = [], more = 0, guild = S.d.guildId }) {
  const id = snowflake()
  await db().channel.create({ data: { id, guildId: guild, type: 4, name } })
  broadcast('CHANNEL_CREATE', (await inner('GET', `/channels/${id}`)).body)
  for (const channel of channels) await db().channel.update({ where: { id: channel }, data: { parentId: id } })
  const others = Array.from({ length: more }, (_, i) => ({ id: snowflake(), guildId: guild, type: 2, name: `Lounge ${i}`, parentId: id }))
  await db().channel.createMany({ data: others })
  for (const channel of channels) broadcast('CHANNEL_UPDATE', (await inner('GET', `/channels/${channel}`)).body)
  for (const { id: other } of others) broadcast('CHANNEL_CREATE', (await inner('GET', `/channels/${other}`)).body)
  return id
}

// The events that everybody on the server sees, and somebody who deletes one.
const events = () => [...S.events.values()]
function event_delete({ event }) {
  const gone = S.events.get(event)
  S.events.delete(event)
  broadcast('GUILD_SCHEDULED_EVENT_DELETE', gone)
  return true
}

async function vanish({ channel }) {
  const below = await db().channel.findMany({ where: { parentId: channel } })
  for (const thread of below) await db().channel.delete({ where: { id: thread.id } })
  await inner('DELETE', `/channels/${channel}`)
  return null
}

async function permit({ guild = S.d.guildId, permissions, channel, overwrites }) {
  if (channel) {
    S.extras.set(channel, { ...S.extras.get(channel), permission_overwrites: overwrites })
    broadcast('CHANNEL_UPDATE', (await inner('GET', `/channels/${channel}`)).body)
    return null
  }
  const role = await db().role.findFirst({ where: { guildId: guild, name: 'halqa' } })
  await inner('PATCH', `/guilds/${guild}/roles/${role.id}`, { permissions: String(permissions) })
  await inner('PATCH', `/guilds/${guild}/roles/${guild}`, { permissions: '0' })
  return null
}

export const lines = {
  person, gesture, flood, outcome, upload, seen, rooms, says, permit, category, vanish, events, event_delete, come, go,
  guild_create: guildCreate, guild_delete: guildDelete, many_guilds: manyGuilds,
  unsay: async ({ channel, message }) => (await inner('DELETE', `/channels/${channel}/messages/${message}`)).status,
  archive: async ({ thread, locked = false }) => (await inner('PATCH', `/channels/${thread}`, { archived: true, locked })).status,
  shut: ({ user, closed = true }) => (closed ? S.shut.add(user) : S.shut.delete(user)) && null,
  commands: () => [...S.commands.values()].flat(),
  events: () => [...S.events.values()],
  expire: () => { for (const it of S.interactions.values()) { it.expired = true; it.dead = true } return null },
  plain_ids: ({ first }) => (S.plain = first),
  forget_nonces: () => S.nonces.clear() ?? null,
  limits: ({ answer_ms: answer = S.answerMs, token_ms: token = S.tokenMs, shards = S.shards }) => { Object.assign(S, { answerMs: answer, tokenMs: token, shards }); return null },
  fault: f => S.faults.push({ times: 1, ...f, left: f.times ?? 1 }),
  heal: () => (S.faults.length = 0),
  calls: ({ since = 0 } = {}) => S.calls.slice(since).filter(c => c.status !== undefined).map(({ query, authorization, files, after, ...c }) => ({ ...c, query: Object.fromEntries(query), files: files.map(f => ({ name: f.name, filename: f.filename, type: f.type, size: f.content.length })) })),
}
