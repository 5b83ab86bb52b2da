// What the bot may do, worked out in Discord's order: its roles in the server, then what a channel says of each.
import { Refusal, S } from './state.mjs'

const db = () => S.d.prisma
export const VIEW = 1n << 10n
export const SEND = 1n << 11n
export const MANAGE_CHANNELS = 1n << 4n
export const MANAGE_ROLES = 1n << 28n
const ADMINISTRATOR = 1n << 3n
export const CONNECT = 1n << 20n
const EVERYTHING = (1n << 53n) - 1n
export const isVoice = type => type === 2 || type === 13
const lacking = new Refusal(403, 50013, 'Missing Permissions')

async function mine(guild) {
  const where = { guildId_userId: { guildId: guild, userId: S.d.botUserId } }
  return [guild, ...JSON.parse((await db().guildMember.findUnique({ where }))?.roles ?? '[]')]
}

export async function inServer(guild) {
  const roles = await mine(guild)
  const may = (await db().role.findMany({ where: { guildId: guild } })).filter(r => roles.includes(r.id)).reduce((all, r) => all | BigInt(r.permissions), 0n)
  return may & ADMINISTRATOR ? EVERYTHING : may
}

export async function inChannel(channel) {
  let may = await inServer(channel.guildId)
  if (may === EVERYTHING) return may
  const said = S.extras.get(channel.id)?.permission_overwrites ?? []
  const roles = await mine(channel.guildId)
  for (const several of [[channel.guildId], roles.filter(r => r !== channel.guildId), [S.d.botUserId]]) {
    const here = said.filter(o => several.includes(String(o.id)))
    const all = word => here.reduce((sum, o) => sum | BigInt(o[word] ?? 0), 0n)
    may = (may & ~all('deny')) | all('allow')
  }
  if (!(may & VIEW)) return 0n
  // Who may not connect to a voice channel may not manage it either.
  return isVoice(channel.type) && !(may & CONNECT) ? may & ~(MANAGE_CHANNELS | MANAGE_ROLES) : may
}

export function needs(may, ...wanted) {
  if (!(may & VIEW)) throw new Refusal(403, 50001, 'Missing Access')
  if (wanted.some(one => !(may & one))) throw lacking
}

// An overwrite says no more than what the bot may do itself, and Manage Roles only an administrator gives in a channel.
export function says(may, overwrites) {
  for (const { allow = 0, deny = 0 } of overwrites) {
    const said = BigInt(allow) | BigInt(deny)
    if (said & ~may || (said & MANAGE_ROLES && may !== EVERYTHING)) throw lacking
  }
}
