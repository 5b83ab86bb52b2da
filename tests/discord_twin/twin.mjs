// A stand-in for Discord: discord-digital-twin (npm, MIT) behind Discord's own rules, on this machine only.
// The first line on stdout names its ports. JSON lines over TCP on the second port call the methods in people.mjs and
// gateway.mjs; answers and events come back the same way. The end of stdin is its end: it never outlives its tests.
import http from 'node:http'
import net from 'node:net'
import readline from 'node:readline'
import { lines as wire, takeOver } from './gateway.mjs'
import { front } from './front.mjs'
import { botRole, lines as people } from './people.mjs'
import { forget, S } from './state.mjs'

const listen = http.Server.prototype.listen
http.Server.prototype.listen = function (port, ...rest) {
  if (typeof rest[0] !== 'string') rest.unshift('127.0.0.1')
  return listen.call(this, port, ...rest)
}
const emit = http.Server.prototype.emit
http.Server.prototype.emit = function (event, req, res, ...rest) {
  if (event !== 'request' || req.headers['x-inner']) return emit.call(this, event, req, res, ...rest)
  front(req, res).catch(error => { S.tell({ event: 'broken', what: String(error?.stack ?? error).slice(0, 600) }); req.socket.destroy() })
  return true
}
const { DigitalDiscord } = await import('discord-digital-twin')
const plain = (key, value) => (typeof value === 'bigint' ? value.toString() : value)
let out = process.stdout
S.tell = line => out.write(JSON.stringify(line, plain) + '\n')
process.on('unhandledRejection', error => S.tell({ event: 'broken', what: String(error?.stack ?? error).slice(0, 600) }))

S.token = process.env.TWIN_TOKEN
S.d = new DigitalDiscord({ botToken: S.token, guild: { name: 'Test Server' }, channels: [{ name: 'general', type: 0 }, { name: 'programme', type: 0 }], botUser: { username: 'halqa' } })
await S.d.start()
S.port = S.d.port
takeOver(S.d.server.gateway)

// A new town: nobody and nothing is left of the last one.
async function begin(limits = {}) {
  forget()
  const db = S.d.prisma
  for (const table of [db.interactionResponse, db.reaction, db.threadMember, db.message, db.channel, db.guildMember, db.role, db.guild, db.user]) await table.deleteMany()
  await S.d.seed()
  await botRole(S.d.guildId)
  await people.limits(limits)
  const channels = await db.channel.findMany({ orderBy: { id: 'asc' } })
  return { bot: S.d.botUserId, guild: S.d.guildId, channels: Object.fromEntries(channels.map(c => [c.name, c.id])) }
}

const methods = { ...wire, ...people, begin }
const run = async ({ id, method, args }) => {
  try { S.tell({ id, result: (await methods[method](args ?? {})) ?? null }) } catch (error) { S.tell({ id, error: `${method}: ${error?.message ?? error} ${error?.body ? JSON.stringify(error.body) : error?.stack ?? ''}`.slice(0, 800) }) }
}
const control = net.createServer(socket => {
  out = socket.setNoDelay(true)
  socket.on('error', () => {}).on('close', () => { if (out === socket) out = process.stdout })
  readline.createInterface({ input: socket }).on('line', line => void run(JSON.parse(line)))
})
control.listen(0, '127.0.0.1', () => S.tell({ port: S.port, control: control.address().port }))
process.stdin.resume().on('end', () => process.exit(0))
