// What the stand-in knows beyond the tables of discord-digital-twin, and the refusals that Discord answers with.
export const S = {
  d: null, // the twin
  gateway: null,
  port: 0,
  token: '',
  calls: [], // every REST call, for the judge
  faults: [],
  nonces: new Map(), // channel:nonce -> the message that it made
  interactions: new Map(), // id -> {user, token, at, type, ...}
  tokens: new Map(), // token -> the same
  ephemeral: new Map(), // message -> the only person who sees it
  pings: new Map(), // message -> who is notified
  dms: new Map(), // channel -> person
  shut: new Set(), // people whose direct messages are closed
  denied: new Set(), // channels and guilds that the bot was removed from
  extras: new Map(), // channel -> {invitable, permission_overwrites}
  creating: {}, // extras of the thread that is being made just now
  commands: new Map(), // '' or guild -> registered commands
  events: new Map(), // scheduled events
  files: new Map(), // uploaded files
  answerMs: 3000,
  tokenMs: 15 * 60_000,
  shards: 1,
  sessions: new Map(), // of the gateway
  shapes: new Map(), // event, or "a thread" -> how another server says it
  plain: 0, // from here on the ids of threads count, and tell no time
  held: null, // what clients say while the gateway does not listen
  refuse: 0, // so many RESUMEs are refused
  tell: () => {}, // writes a line to the test
}

// Forget everything that one town knew.
export function forget() {
  for (const known of Object.values(S)) if (known instanceof Map || known instanceof Set) known.clear()
  Object.assign(S, { calls: [], faults: [], creating: {}, refuse: 0, held: null, plain: 0, answerMs: 3000, tokenMs: 15 * 60_000, shards: 1 })
  for (const client of S.gateway.clients) client.ws.terminate()
}

export class Refusal extends Error {
  constructor(status, code, message, errors) {
    super(message)
    this.status = status
    this.body = { message, code, ...(errors ? { errors } : {}) }
  }
}

export const invalid = (where, code, message) => {
  const errors = {}
  let at = errors
  for (const step of String(where).split('.')) at = at[step] = {}
  at._errors = [{ code, message }]
  return new Refusal(400, 50035, 'Invalid Form Body', errors)
}

let step = 0n
export const snowflake = () => String(((BigInt(Date.now()) - 1420070400000n) << 22n) | (1n << 17n) | (step++ & 0xfffn))
export const iso = when => new Date(when).toISOString().replace('Z', '+00:00')
export const SUPPRESSED = 1 << 2 // a message with this flag shows no embeds
export const isThread = type => [10, 11, 12].includes(type)

// Ask discord-digital-twin itself, behind our rules.
export async function inner(method, path, body) {
  const given = await fetch(`http://127.0.0.1:${S.port}/api/v10${path}`, {
    method,
    body: body === undefined || body === null ? undefined : JSON.stringify(body),
    headers: { 'x-inner': '1', 'content-type': 'application/json' },
  })
  const text = await given.text()
  let found = null
  try { found = text ? JSON.parse(text) : null } catch { found = { message: `${given.status}: ${text.slice(0, 80)}`, code: 0 } }
  if (given.status === 404 && !found?.code) throw new Refusal(404, 0, `404: Not Found (the stand-in has no ${method} ${path})`)
  if (given.status >= 500) throw new Error(`${method} ${path}: ${found?.message}`)
  return { status: given.status, body: found }
}
