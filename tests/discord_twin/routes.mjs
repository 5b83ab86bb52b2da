// The routes that discord-digital-twin lacks, or answers otherwise than Discord.
import { broadcast, polish } from './gateway.mjs'
import * as permissions from './permissions.mjs'
import * as rules from './rules.mjs'
import { inner, invalid, iso, isThread, Refusal, S, snowflake, SUPPRESSED } from './state.mjs'

const db = () => S.d.prisma
const ok = (body, status = 200) => ({ status, body })
const none = { status: 204, body: null }
const archived = new Refusal(400, 50083, 'Thread is archived')
const user = u => ({ id: u.id, username: u.username, global_name: u.globalName, discriminator: '0', avatar: null, bot: u.bot, public_flags: 0 })

export async function channelOf(id) {
  if (S.denied.has(id)) throw new Refusal(403, 50001, 'Missing Access')
  const channel = await db().channel.findUnique({ where: { id } })
  if (!channel) throw new Refusal(404, 10003, 'Unknown Channel')
  return channel
}
async function readable(id) {
  const channel = await channelOf(id)
  if (channel.guildId && !isThread(channel.type)) permissions.needs(await permissions.inChannel(channel))
  return channel
}
const messageOf = async id => (await db().message.findUnique({ where: { id } })) ?? (() => { throw new Refusal(404, 10008, 'Unknown Message') })()

function keep(files, about = []) {
  return files.map((file, i) => {
    const id = snowflake()
    const said = about.find(a => String(a.id) === String(file.name.replace(/\D/g, '') || i)) ?? {}
    const url = `http://127.0.0.1:${S.port}/files/${id}/${encodeURIComponent(file.filename)}`
    S.files.set(id, file)
    return { id, filename: file.filename, size: file.content.length, url, proxy_url: url, content_type: file.type, ...(said.description ? { description: said.description } : {}) }
  })
}
export { keep }

// What discord-digital-twin does not write down about a message that was just made or changed.
async function finish(id, call, { body = call.body, person, ephemeral = false } = {}) {
  const kept = (body.attachments ?? []).map(a => String(a.id))
  const known = await messageOf(id)
  const before = JSON.parse(known.attachments)
  const attachments = [...(body.attachments === undefined ? before : before.filter(a => kept.includes(a.id))), ...keep(call.files, body.attachments)]
  const data = { attachments: JSON.stringify(attachments), ...(body.content === null ? { content: '' } : {}), ...(body.flags === undefined ? {} : { flags: (known.flags & ~SUPPRESSED) | body.flags }) }
  await db().message.update({ where: { id }, data })
  if (ephemeral) S.ephemeral.set(id, person)
  S.pings.set(id, rules.pings(body))
}

async function reader(channelId, messageId) {
  return (await inner('GET', `/channels/${channelId}/messages/${messageId}`)).body
}

async function unarchive(channel) {
  if (!isThread(channel.type) || !channel.archived) return
  if (channel.locked) throw new Refusal(400, 160005, 'This thread is locked')
  await inner('PATCH', `/channels/${channel.id}`, { archived: false })
}

// A mention in a thread brings in whom it names, where the writer may bring in people.
async function bringIn(thread, people) {
  for (const who of people) {
    const isMember = await db().guildMember.findFirst({ where: { userId: who, guildId: thread.guildId } })
    const isHere = await db().threadMember.findUnique({ where: { channelId_userId: { channelId: thread.id, userId: who } } })
    if (isMember && !isHere) await inner('PUT', `/channels/${thread.id}/thread-members/${who}`)
  }
}

async function postMessage(call, [id]) {
  const channel = await channelOf(id)
  rules.message(call.body, call.files)
  const person = S.dms.get(id)
  if (channel.guildId && !isThread(channel.type)) permissions.needs(await permissions.inChannel(channel), permissions.SEND)
  if (person && S.shut.has(person.id)) throw new Refusal(403, 50007, 'Cannot send messages to this user')
  if (person && !(await db().guildMember.findFirst({ where: { userId: person.id } }))) throw new Refusal(403, 50278, 'Cannot send messages to this user due to having no mutual guilds')
  const make = async () => {
    await unarchive(channel)
    const made = (await inner('POST', `/channels/${id}/messages`, call.body)).body
    await finish(made.id, call)
    if (isThread(channel.type)) await bringIn(channel, rules.pings({ content: call.body.content }))
    return made.id
  }
  const key = call.body.enforce_nonce && call.body.nonce != null ? `${id}:${call.body.nonce}` : null
  if (key && !S.nonces.has(key)) S.nonces.set(key, make().catch(e => { S.nonces.delete(key); throw e }))
  const made = await (key ? S.nonces.get(key) : make())
  return ok(await reader(id, made))
}

async function patchMessage(call, [id, message]) {
  const channel = await channelOf(id)
  const known = await messageOf(message)
  if (known.authorId !== S.d.botUserId) throw new Refusal(403, 50005, 'Cannot edit a message authored by another user')
  if (isThread(channel.type) && channel.archived) throw archived
  rules.message(call.body, call.files, { isNew: false, flags: known.flags })
  await inner('PATCH', `/channels/${id}/messages/${message}`, call.body)
  await finish(message, call)
  return ok(await reader(id, message))
}

async function callback(call, [id]) {
  const it = S.interactions.get(id)
  if (!it || it.expired || (it.answered === undefined && Date.now() - it.at > S.answerMs)) throw new Refusal(404, 10062, 'Unknown interaction')
  if (it.answered !== undefined) throw new Refusal(400, 40060, 'Interaction has already been acknowledged.')
  const { type, data = {} } = call.body
  if (type === 9 && it.type === 5) throw invalid('type', 'INTERACTION_MODAL_ALREADY_SUBMITTED', 'A modal cannot answer a modal')
  if (type === 8 && it.type !== 4) throw invalid('type', 'INTERACTION_TYPE', 'Choices answer an autocomplete only')
  if (it.type === 4 && type !== 8) throw invalid('type', 'INTERACTION_TYPE', 'An autocomplete is answered with choices')
  if ((type === 6 || type === 7) && !it.message) throw invalid('type', 'INTERACTION_TYPE', 'There is no message to change')
  if (type === 8 && (data.choices?.length ?? 0) > 25) throw invalid('data.choices', 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
  if (type === 4) rules.message(data, call.files)
  if (type === 7) rules.message(data, call.files, { isNew: false, flags: (await messageOf(it.message)).flags })
  if (type === 9) rules.modal(data)
  it.answered = type
  it.data = data
  it.hidden = Boolean(data?.flags & 64)
  if (it.isLight) return light(call, it)
  if (type !== 7) await db().interactionResponse.update({ where: { interactionId: id }, data: { messageId: null } })
  await inner('POST', `/interactions/${id}/${it.token}/callback`, call.body)
  const row = await db().interactionResponse.findUnique({ where: { interactionId: id } })
  it.reply = row.messageId ?? undefined
  if (it.reply) await finish(it.reply, call, { body: data, person: it.user, ephemeral: type === 4 && it.hidden })
  if (type === 6) await db().interactionResponse.update({ where: { interactionId: id }, data: { messageId: it.message } })
  call.after = () => { it.acknowledged(); if (type !== 5) it.settled() }
  if (!call.query.has('with_response')) return none
  const message = it.reply ? await reader(row.channelId, it.reply) : undefined
  const about = { id, type: it.type, response_message_id: it.reply, response_message_loading: type === 5, response_message_ephemeral: it.hidden }
  return ok({ interaction: about, resource: { type, ...(message ? { message } : {}) } })
}

// One of a flood: nothing is kept of the answer but that it came.
function light(call, it) {
  call.after = it.acknowledged
  const message = { id: snowflake(), channel_id: it.channel, author: { id: S.d.botUserId, username: 'halqa', discriminator: '0', avatar: null, bot: true }, content: '', embeds: [], attachments: [], components: [], mentions: [], mention_roles: [], mention_everyone: false, pinned: false, tts: false, type: 0, flags: 64, timestamp: iso(Date.now()), edited_timestamp: null }
  if (!call.path.endsWith('/callback')) return ok(message)
  if (!call.query.has('with_response')) return none
  return ok({ interaction: { id: it.id, type: it.type, response_message_id: message.id }, resource: { type: it.answered, message } })
}

function follow(token) {
  const it = S.tokens.get(token)
  if (!it || it.answered === undefined) throw new Refusal(404, 10015, 'Unknown Webhook')
  if (it.dead || Date.now() - it.at > S.tokenMs) throw new Refusal(401, 50027, 'Invalid Webhook Token')
  return it
}

async function original(call, it, body) {
  const flags = (body.flags ?? 0) | (it.hidden ? 64 : 0)
  rules.message(body, call.files, { isNew: true })
  const made = (await inner('PATCH', `/webhooks/${S.d.botUserId}/${it.token}/messages/@original`, { ...body, flags })).body
  it.reply = made.id
  await finish(made.id, call, { body: { ...body, flags }, person: it.user, ephemeral: it.hidden })
  call.after = it.settled
  return ok(await reader(made.channel_id, made.id))
}

async function followUp(call, [, token]) {
  const it = follow(token)
  if (it.isLight) return light(call, it)
  if (it.answered === 5 && !it.reply) return original(call, it, call.body)
  rules.message(call.body, call.files)
  const made = (await inner('POST', `/webhooks/${S.d.botUserId}/${token}`, call.body)).body
  await finish(made.id, call, { person: it.user, ephemeral: Boolean(call.body.flags & 64) })
  return ok(await reader(made.channel_id, made.id))
}

async function patchFollowUp(call, [, token, raw]) {
  const it = follow(token)
  if (it.isLight) return light(call, it)
  const id = decodeURIComponent(raw)
  if (id === '@original' && it.answered === 5 && !it.reply) return original(call, it, call.body)
  const target = id === '@original' ? it.reply ?? it.message : id
  if (!target) throw new Refusal(404, 10008, 'Unknown Message')
  rules.message(call.body, call.files, { isNew: false, flags: (await messageOf(target)).flags })
  const made = (await inner('PATCH', `/webhooks/${S.d.botUserId}/${token}/messages/${target}`, call.body)).body
  await finish(target, call, { person: it.user, ephemeral: S.ephemeral.has(target) })
  return ok(await reader(made.channel_id, target))
}

async function openDm(call) {
  const who = await db().user.findUnique({ where: { id: String(call.body.recipient_id) } })
  if (!who) throw new Refusal(400, 50033, 'Invalid Recipient(s)')
  if (who.bot) throw new Refusal(403, 50007, 'Cannot send messages to this user')
  return ok(await dmOf(who))
}
export async function dmOf(who) {
  const id = String(BigInt(who.id) + 1000000n)
  await db().channel.upsert({ where: { id }, create: { id, type: 1, name: `dm-${who.username}` }, update: {} })
  S.dms.set(id, user(who))
  return { id, type: 1, last_message_id: null, recipients: [user(who)], flags: 0 }
}

async function openThread(call, [id, message]) {
  const parent = await channelOf(id)
  const name = String(call.body.name ?? '')
  if (!name.trim() || [...name].length > 100) throw invalid('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
  if (parent.type !== 0 && parent.type !== 5) throw new Refusal(400, 50024, 'Cannot execute action on this channel type')
  S.creating = { invitable: call.body.invitable ?? true }
  const made = (await inner('POST', message ? `/channels/${id}/messages/${message}/threads` : `/channels/${id}/threads`, { type: message ? undefined : 12, ...call.body })).body
  if (S.plain) {
    await db().channel.update({ where: { id: made.id }, data: { id: String(S.plain) } })
    made.id = String(S.plain++)
  }
  S.extras.set(made.id, { invitable: S.creating.invitable })
  const member = { id: made.id, user_id: S.d.botUserId, join_timestamp: iso(Date.now()), flags: 0 }
  return ok({ ...polish(made), member }, 201)
}

async function patchChannel(call, [id]) {
  const channel = await channelOf(id)
  if (isThread(channel.type) && channel.archived && call.body.archived !== false) throw archived
  const { invitable, permission_overwrites: overwrites } = call.body
  if (invitable !== undefined || overwrites !== undefined)
    S.extras.set(id, { ...S.extras.get(id), ...(invitable === undefined ? {} : { invitable }), ...(overwrites ? { permission_overwrites: overwrites } : {}) })
  return ok(polish((await inner('PATCH', `/channels/${id}`, call.body)).body))
}

async function makeChannel(call, [guild]) {
  if (S.denied.has(guild)) throw new Refusal(403, 50001, 'Missing Access')
  const { parent_id: parent, permission_overwrites: overwrites = [] } = call.body
  const may = await permissions.inServer(guild)
  permissions.needs(may | permissions.VIEW, permissions.MANAGE_CHANNELS, ...(overwrites.length ? [permissions.MANAGE_ROLES] : []))
  permissions.says(may, overwrites)
  if (parent) {
    permissions.needs(await permissions.inChannel(await channelOf(String(parent))), permissions.MANAGE_CHANNELS)
    if ((await db().channel.count({ where: { parentId: String(parent) } })) >= 50) throw invalid('parent_id', 'CHANNEL_PARENT_MAX_CHANNELS', 'Maximum number of channels in category reached (50)')
  }
  if ((await db().channel.count({ where: { guildId: guild, type: { notIn: [10, 11, 12] } } })) >= 500) throw new Refusal(400, 30013, 'Maximum number of guild channels reached (500)')
  S.creating = {}
  const made = (await inner('POST', `/guilds/${guild}/channels`, call.body)).body
  S.extras.set(made.id, { permission_overwrites: overwrites.map(o => ({ id: String(o.id), type: o.type, allow: String(o.allow ?? 0), deny: String(o.deny ?? 0) })) })
  broadcast('CHANNEL_UPDATE', made)
  return ok(polish(made), 201)
}

async function overwrite(call, [id, target]) {
  const channel = await channelOf(id)
  const may = await permissions.inChannel(channel)
  permissions.needs(may, permissions.MANAGE_ROLES)
  permissions.says(may, call.method === 'PUT' ? [call.body] : [])
  const before = S.extras.get(id)?.permission_overwrites ?? []
  const others = before.filter(o => String(o.id) !== target)
  if (call.method === 'DELETE' && others.length === before.length) throw new Refusal(404, 10009, 'Unknown Overwrite')
  const mine = call.method === 'PUT' ? [{ id: target, type: call.body.type, allow: String(call.body.allow ?? '0'), deny: String(call.body.deny ?? '0') }] : []
  S.extras.set(id, { ...S.extras.get(id), permission_overwrites: [...others, ...mine] })
  broadcast('CHANNEL_UPDATE', (await inner('GET', `/channels/${channel.id}`)).body)
  return none
}

async function threadMember(call, [id, raw]) {
  const thread = await channelOf(id)
  if (!isThread(thread.type)) throw new Refusal(400, 50024, 'Cannot execute action on this channel type')
  const who = raw === '@me' ? S.d.botUserId : raw
  const key = { channelId_userId: { channelId: id, userId: who } }
  const here = await db().threadMember.findUnique({ where: key })
  if (call.method === 'GET') {
    if (!here) throw new Refusal(404, 10007, 'Unknown Member')
    return ok({ id, user_id: who, join_timestamp: iso(here.joinedAt), flags: 0 })
  }
  if (thread.archived) throw archived
  if (call.method === 'PUT') {
    if (!(await db().user.findUnique({ where: { id: who } }))) throw new Refusal(404, 10013, 'Unknown User')
    // Nobody outside Discord could see what it says of somebody who left the server; both codes are documented.
    if (!(await db().guildMember.findFirst({ where: { userId: who, guildId: thread.guildId } }))) throw new Refusal(404, 10007, 'Unknown Member')
    return inner('PUT', `/channels/${id}/thread-members/${who}`)
  }
  if (!here) throw new Refusal(404, 10007, 'Unknown Member')
  await outOfThread(thread, who)
  return none
}
export async function outOfThread(thread, who) {
  await db().threadMember.delete({ where: { channelId_userId: { channelId: thread.id, userId: who } } })
  const { memberCount } = await db().channel.update({ where: { id: thread.id }, data: { memberCount: { decrement: 1 } } })
  broadcast('THREAD_MEMBERS_UPDATE', { id: thread.id, guild_id: thread.guildId, member_count: memberCount, added_members: [], removed_member_ids: [who] })
}

async function pin(call, [id, message]) {
  await channelOf(id)
  await messageOf(message)
  await db().message.update({ where: { id: message }, data: { pinned: call.method === 'PUT' } })
  broadcast('CHANNEL_PINS_UPDATE', { channel_id: id, guild_id: (await channelOf(id)).guildId ?? '', last_pin_timestamp: iso(Date.now()) })
  return none
}
async function pins(call, [id]) {
  await channelOf(id)
  const rows = await db().message.findMany({ where: { channelId: id, pinned: true } })
  const found = await Promise.all(rows.map(r => reader(id, r.id)))
  return ok({ items: found.map(message => ({ pinned_at: message.timestamp, message })), has_more: false })
}

async function archivedThreads(call, [id, kind]) {
  await channelOf(id)
  const rows = await db().channel.findMany({ where: { parentId: id, archived: true, type: kind === 'private' ? 12 : 11 } })
  const threads = await Promise.all(rows.map(async r => polish((await inner('GET', `/channels/${r.id}`)).body)))
  return ok({ threads, members: [], has_more: false })
}

// Commands keep their id as long as they keep their name, as on Discord.
const commandsOf = guild => S.commands.get(guild) ?? []
function register(guild, body) {
  const known = commandsOf(guild).find(c => c.name === body.name && c.type === (body.type ?? 1))
  return { type: 1, description: '', options: [], nsfw: false, default_member_permissions: null, ...body, id: known?.id ?? snowflake(), application_id: S.d.botUserId, version: snowflake(), ...(guild ? { guild_id: guild } : {}) }
}
function commands(guild, call, id) {
  if (S.denied.has(guild)) throw new Refusal(403, 50001, 'Missing Access')
  const known = commandsOf(guild)
  if (id !== undefined) {
    const one = known.find(c => c.id === id)
    if (!one) throw new Refusal(404, 10063, 'Unknown application command')
    if (call.method === 'GET') return ok(one)
    const made = call.method === 'PATCH' ? [{ ...one, ...call.body, version: snowflake() }] : []
    S.commands.set(guild, [...known.filter(c => c !== one), ...made])
    return made.length ? ok(made[0]) : none
  }
  if (call.method === 'GET') return ok(known)
  const made = [call.body].flat().map(c => register(guild, c))
  if (made.length > 100) throw invalid('commands', 'APPLICATION_COMMAND_TOO_MANY', 'There may be 100 commands')
  S.commands.set(guild, call.method === 'PUT' ? made : [...known.filter(c => c.name !== made[0].name), ...made])
  return ok(call.method === 'PUT' ? made : made[0])
}

function scheduled(call, [guild, id]) {
  if (S.denied.has(guild)) throw new Refusal(403, 50001, 'Missing Access')
  if (call.method === 'POST') {
    if (call.body.entity_type === 3 && (!call.body.entity_metadata?.location || !call.body.scheduled_end_time)) throw invalid('entity_metadata', 'BASE_TYPE_REQUIRED', 'This field is required')
    const made = { id: snowflake(), guild_id: guild, channel_id: null, creator_id: S.d.botUserId, status: 1, entity_id: null, entity_metadata: null, privacy_level: 2, description: null, ...call.body }
    S.events.set(made.id, made)
    broadcast('GUILD_SCHEDULED_EVENT_CREATE', made)
    return ok(made)
  }
  if (id === undefined) return ok([...S.events.values()].filter(e => e.guild_id === guild))
  const known = S.events.get(id)
  if (!known) throw new Refusal(404, 10070, 'Unknown Guild Scheduled Event')
  if (call.method === 'GET') return ok(known)
  if (call.method === 'DELETE') { S.events.delete(id); broadcast('GUILD_SCHEDULED_EVENT_DELETE', known); return none }
  Object.assign(known, call.body)
  broadcast('GUILD_SCHEDULED_EVENT_UPDATE', known)
  return ok(known)
}

async function application() {
  const { body } = await inner('GET', '/applications/@me')
  return ok({ ...body, flags: 0, bot_public: false, owner: { id: '1', username: 'owner', discriminator: '0', avatar: null, global_name: null } })
}

async function memberRole(call, [guild, who, role]) {
  const where = { guildId_userId: { guildId: guild, userId: who } }
  const member = await db().guildMember.findUnique({ where })
  if (!member) throw new Refusal(404, 10007, 'Unknown Member')
  const others = JSON.parse(member.roles).filter(r => r !== role)
  await db().guildMember.update({ where, data: { roles: JSON.stringify(call.method === 'PUT' ? [...others, role] : others) } })
  return none
}

const guilds = async () => ok((await db().guild.findMany()).map(g => ({ id: g.id, name: g.name, icon: null, banner: null, owner: false, permissions: '0', features: [] })))
const gatewayBot = () => ok({ url: `ws://127.0.0.1:${S.port}/gateway`, shards: S.shards, session_start_limit: { total: 1000, remaining: 999, reset_after: 14400000, max_concurrency: 16 } })

const N = '(\\d+)'
const APP = `applications/\\d+`
export const routes = [
  ['POST', `channels/${N}/messages`, postMessage],
  ['PATCH', `channels/${N}/messages/${N}`, patchMessage],
  ['POST', `interactions/${N}/([^/]+)/callback`, callback],
  ['POST', `webhooks/${N}/([^/]+)`, followUp],
  ['PATCH', `webhooks/${N}/([^/]+)/messages/([^/]+)`, patchFollowUp],
  ['GET|DELETE', `webhooks/${N}/([^/]+)/messages/([^/]+)`, async (call, [, token]) => follow(token) && inner(call.method, call.path)],
  ['POST', 'users/@me/channels', openDm],
  ['GET', 'users/@me/guilds', guilds],
  ['GET', '(?:oauth2/)?applications/@me', application],
  ['GET', 'gateway/bot', gatewayBot],
  ['POST', `channels/${N}/threads`, openThread],
  ['POST', `channels/${N}/messages/${N}/threads`, openThread],
  ['GET', `channels/${N}/threads/archived/(public|private)`, archivedThreads],
  ['GET', `channels/${N}`, async (call, [id]) => (await readable(id)) && ok(polish((await inner('GET', `/channels/${id}`)).body))],
  ['PATCH', `channels/${N}`, patchChannel],
  ['PUT|DELETE', `channels/${N}/permissions/${N}`, overwrite],
  ['GET|PUT|DELETE', `channels/${N}/thread-members/(${N.slice(1, -1)}|@me)`, threadMember],
  ['PUT|DELETE', `channels/${N}/(?:messages/)?pins/${N}`, pin],
  ['GET', `channels/${N}/messages/pins`, pins],
  ['GET', `channels/${N}/messages`, async (call, [id]) => { const channel = await readable(id); if (permissions.isVoice(channel.type)) permissions.needs(await permissions.inChannel(channel), permissions.CONNECT); const found = await inner('GET', call.path + call.search); return { ...found, body: found.body.filter(m => !(m.flags & 64)) } }],
  ['POST', `guilds/${N}/channels`, makeChannel],
  ['GET', `guilds/${N}/channels`, async (call, [id]) => { const found = await inner('GET', call.path); return { ...found, body: found.body.map(polish) } }],
  ['PUT|DELETE', `guilds/${N}/members/${N}/roles/${N}`, memberRole],
  ['GET|PUT|POST', `${APP}/commands`, call => commands('', call)],
  ['GET|PATCH|DELETE', `${APP}/commands/${N}`, (call, [id]) => commands('', call, id)],
  ['GET|PUT|POST', `${APP}/guilds/${N}/commands`, (call, [guild]) => commands(guild, call)],
  ['GET|PATCH|DELETE', `${APP}/guilds/${N}/commands/${N}`, (call, [guild, id]) => commands(guild, call, id)],
  ['GET|POST', `guilds/${N}/scheduled-events`, scheduled],
  ['GET|PATCH|DELETE', `guilds/${N}/scheduled-events/${N}`, scheduled],
].map(([methods, path, act]) => ({ methods: methods.split('|'), path: new RegExp(`^/${path}$`), act }))
