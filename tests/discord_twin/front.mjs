// The front door: every request is written down, may meet a planned fault, and is answered by our rules or the twin.
import { shaped } from './gateway.mjs'
import { channelOf, routes } from './routes.mjs'
import { inner, isThread, Refusal, S } from './state.mjs'

const QUOTA = { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '49', 'x-ratelimit-reset-after': '60.0', 'x-ratelimit-bucket': 'stand-in', via: '1.1 stand-in' }
const NAMES = { 10003: 'Unknown Channel', 10004: 'Unknown Guild', 10008: 'Unknown Message', 10062: 'Unknown interaction', 50001: 'Missing Access', 50007: 'Cannot send messages to this user', 50013: 'Missing Permissions', 50083: 'Thread is archived', 160006: 'Maximum number of active threads reached' }

// Ids are larger than JavaScript's numbers, and discord.py sends some as numbers: here they become strings.
const parse = text => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, piece => (piece.startsWith('"') ? piece : `"${piece}"`)))

function multipart(raw, type) {
  const mark = Buffer.from('--' + /boundary="?([^";]+)/.exec(type)[1])
  const found = { body: {}, files: [] }
  let at = raw.indexOf(mark)
  while (at >= 0) {
    const next = raw.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = raw.subarray(at + mark.length + 2, next - 2)
    const cut = part.indexOf('\r\n\r\n')
    const head = part.subarray(0, cut).toString()
    const content = part.subarray(cut + 4)
    const name = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? ''
    const filename = /filename="([^"]*)"/.exec(head)?.[1]
    if (filename !== undefined) found.files.push({ name, filename: decodeURIComponent(filename), type: /content-type:\s*(\S+)/i.exec(head)?.[1] ?? 'application/octet-stream', content })
    else if (name === 'payload_json') found.body = parse(content.toString())
    at = next
  }
  return found
}

async function read(req) {
  const pieces = []
  for await (const piece of req) pieces.push(piece)
  const raw = Buffer.concat(pieces)
  const url = new URL(req.url, 'http://127.0.0.1')
  const type = req.headers['content-type'] ?? ''
  const call = { n: S.calls.length, at: Date.now(), method: req.method, path: url.pathname.replace(/^\/api\/v\d+/, ''), search: url.search, query: url.searchParams, headers: { ...req.headers }, authorization: req.headers.authorization ?? '', body: null, files: [] }
  if (type.startsWith('multipart/')) Object.assign(call, multipart(raw, type))
  else if (raw.length) call.body = parse(raw.toString())
  if (call.headers.authorization) call.headers.authorization = call.authorization === `Bot ${S.token}` ? 'Bot (the right token)' : '(another token)'
  return call
}

function planned(call) {
  const at = S.faults.findIndex(f => (!f.method || f.method === call.method) && new RegExp(f.path ?? '').test(call.path) && (!f.words || JSON.stringify(call.body ?? '').includes(f.words)))
  if (at < 0) return null
  const fault = S.faults[at]
  if (fault.skip) { fault.skip--; return null }
  if (fault.times !== 0 && --fault.left <= 0) S.faults.splice(at, 1)
  return fault
}

function faultAnswer(f) {
  if (f.status === 429) {
    const wait = f.retry_after ?? 0.05
    const headers = { 'retry-after': String(Math.ceil(wait)), ...(f.scope ? { 'x-ratelimit-scope': f.scope } : {}), ...(f.global ? { 'x-ratelimit-global': 'true' } : {}), ...(f.headers ?? {}) }
    return { status: 429, headers, body: f.body ?? { message: 'You are being rate limited.', retry_after: wait, global: Boolean(f.global) } }
  }
  if (f.status >= 500 && f.body === undefined) return { status: f.status, headers: { 'content-type': 'text/html', ...(f.headers ?? {}) }, body: '<html>Bad Gateway</html>' }
  return { status: f.status, headers: f.headers ?? {}, body: f.body !== undefined ? f.body : { message: NAMES[f.code] ?? 'A planned refusal', code: f.code ?? 0 } }
}

async function carryOut(call) {
  if (!/^\/(interactions|webhooks)\//.test(call.path) && call.authorization !== `Bot ${S.token}`) throw new Refusal(401, 0, '401: Unauthorized')
  for (const { methods, path, act } of routes) {
    const found = methods.includes(call.method) && path.exec(call.path)
    if (found) return act(call, found.slice(1).filter(x => x !== undefined))
  }
  const channel = /^\/channels\/(\d+)/.exec(call.path)
  if (channel) await channelOf(channel[1])
  const guild = /^\/guilds\/(\d+)/.exec(call.path)
  if (guild && S.denied.has(guild[1])) throw new Refusal(call.path === `/guilds/${guild[1]}` ? 404 : 403, call.path === `/guilds/${guild[1]}` ? 10004 : 50001, call.path === `/guilds/${guild[1]}` ? 'Unknown Guild' : 'Missing Access')
  return inner(call.method, call.path + call.search, call.body ?? undefined)
}

// What another server tells of a thread.
function asThere(body) {
  if (Array.isArray(body)) return body.map(asThere)
  if (Array.isArray(body?.threads)) return { ...body, threads: asThere(body.threads) }
  return body?.parent_id && isThread(body.type) ? shaped('a thread', body) : body
}

function write(res, call, { status, body, headers = {} }) {
  Object.assign(call, { status, response: (body = asThere(body)) })
  const type = body === null ? {} : { 'content-type': 'application/json' }
  res.writeHead(status, { ...QUOTA, ...type, 'x-ratelimit-reset': String(Date.now() / 1000 + 60), ...headers })
  res.end(body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
}

function serveFile(res, id) {
  const file = S.files.get(id)
  if (!file) return res.writeHead(404).end()
  res.writeHead(200, { 'content-type': file.type, 'content-length': String(file.content.length) }).end(file.content)
}

export async function front(req, res) {
  const file = /^\/files\/(\d+)\//.exec(req.url)
  if (file) return serveFile(res, file[1])
  const call = await read(req)
  S.calls.push(call)
  const fault = planned(call)
  if (fault) call.fault = fault.drop ?? fault.status
  const cut = () => { Object.assign(call, { status: 0, response: null }); req.socket.destroy() }
  if (fault?.drop === 'before') return cut()
  if (fault?.status && !fault.done) return write(res, call, faultAnswer(fault))
  let answer
  try {
    answer = await carryOut(call)
  } catch (error) {
    if (!(error instanceof Refusal)) S.tell({ event: 'broken', what: `${call.method} ${call.path}: ${String(error?.stack ?? error).slice(0, 600)}` })
    answer = error instanceof Refusal ? { status: error.status, body: error.body } : { status: 500, body: { message: 'the stand-in broke', code: 0 } }
    if (error instanceof Refusal && error.body.code === 0 && error.status === 404) S.tell({ event: 'broken', what: error.body.message })
  }
  if (fault?.drop === 'after') cut()
  else write(res, call, fault?.status ? faultAnswer(fault) : answer)
  call.after?.()
  if (call.method !== 'GET') S.tell({ event: 'said' })
}
