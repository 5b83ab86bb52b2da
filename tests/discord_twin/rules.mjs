// Sizes and emptiness, as Discord refuses them (developer documentation: message, embed and component limits).
import { invalid, Refusal } from './state.mjs'

const V2 = 1 << 15
const long = (where, text, most, least = 0) => {
  const size = [...String(text)].length
  if (size > most) throw invalid(where, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`)
  if (size < least) throw invalid(where, 'BASE_TYPE_MIN_LENGTH', `Must be between ${least} and ${most} in length.`)
  return size
}

export function* parts(components, where = 'components') {
  for (const [i, part] of (components ?? []).entries()) {
    yield [part, `${where}.${i}`]
    yield* parts(part.components, `${where}.${i}.components`)
    if (part.component) yield* parts([part.component], `${where}.${i}.component`)
    if (part.accessory) yield* parts([part.accessory], `${where}.${i}.accessory`)
  }
}

function embeds(list) {
  if (list.length > 10) throw invalid('embeds', 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')
  let all = 0
  for (const [i, embed] of list.entries()) {
    const at = `embeds.${i}`
    all += long(`${at}.title`, embed.title ?? '', 256) + long(`${at}.description`, embed.description ?? '', 4096)
    all += long(`${at}.footer.text`, embed.footer?.text ?? '', 2048) + long(`${at}.author.name`, embed.author?.name ?? '', 256)
    if ((embed.fields ?? []).length > 25) throw invalid(`${at}.fields`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
    for (const [n, field] of (embed.fields ?? []).entries()) {
      for (const [key, most] of [['name', 256], ['value', 1024]]) {
        if (!String(field[key] ?? '').trim()) throw invalid(`${at}.fields.${n}.${key}`, 'BASE_TYPE_REQUIRED', 'This field is required')
        all += long(`${at}.fields.${n}.${key}`, field[key], most)
      }
    }
    if (!['title', 'description', 'fields', 'image', 'thumbnail', 'footer', 'author', 'video'].some(k => embed[k] && embed[k].length !== 0))
      throw invalid(`${at}.description`, 'BASE_TYPE_REQUIRED', 'This field is required')
  }
  if (all > 6000) throw invalid('embeds', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000')
}

function components(list, v2) {
  if (!v2 && list.length > 5) throw invalid('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  const seen = new Set()
  let count = 0
  let text = 0
  for (const [part, at] of parts(list)) {
    count++
    if (part.type === 1 && (part.components.length > 5 || !part.components.length))
      throw invalid(`${at}.components`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
    if (part.type === 2) {
      long(`${at}.label`, part.label ?? '', 80)
      if (!part.label && !part.emoji && part.style !== 6) throw invalid(`${at}.label`, 'BUTTON_COMPONENT_INVALID', 'A button needs a label or an emoji')
    }
    if (part.type === 3) {
      const many = (part.options ?? []).length
      if (many < 1 || many > 25) throw invalid(`${at}.options`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 25 in length.')
      if (new Set(part.options.map(o => o.value)).size < many) throw invalid(`${at}.options`, 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used')
      for (const [n, option] of part.options.entries()) {
        long(`${at}.options.${n}.label`, option.label, 100, 1)
        long(`${at}.options.${n}.value`, option.value, 100, 1)
        long(`${at}.options.${n}.description`, option.description ?? '', 100)
      }
    }
    if (part.type === 10) text += long(`${at}.content`, part.content, 4000, 1)
    if (part.type >= 9 && part.type <= 17 && !v2) throw invalid(`${at}.type`, 'UNION_TYPE_CHOICES', `Value of field "type" must be one of (1,).`)
    if (part.custom_id !== undefined) {
      long(`${at}.custom_id`, part.custom_id, 100, 1)
      if (seen.has(part.custom_id)) throw invalid(`${at}.custom_id`, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
      seen.add(part.custom_id)
    }
  }
  if (v2 && count > 40) throw invalid('components', 'BASE_TYPE_MAX_LENGTH', 'The total number of components must be 40 or fewer.')
  if (v2 && text > 4000) throw invalid('components', 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', 'The total displayable text must be 4000 or fewer.')
}

export function message(body, files, { isNew = true, flags = 0 } = {}) {
  const v2 = Boolean(((body.flags ?? 0) | flags) & V2)
  if (v2 && (body.content || body.embeds?.length)) throw invalid('content', 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', 'The content and embeds fields cannot be used with IS_COMPONENTS_V2')
  long('content', body.content ?? '', 2000)
  embeds(body.embeds ?? [])
  components(body.components ?? [], v2)
  if (isNew && !String(body.content ?? '').trim() && !body.embeds?.length && !files.length && !body.components?.length && !body.sticker_ids?.length && !body.poll)
    throw new Refusal(400, 50006, 'Cannot send an empty message')
  if (body.nonce != null && String(body.nonce).length > 25) throw invalid('nonce', 'NONCE_TYPE_TOO_LONG', 'Nonce must be 25 or fewer in length.')
}

export function modal(data) {
  long('data.title', data.title ?? '', 45, 1)
  long('data.custom_id', data.custom_id ?? '', 100, 1)
  if (!data.components?.length || data.components.length > 5) throw invalid('data.components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.')
  const seen = new Set()
  for (const [part, at] of parts(data.components, 'data.components')) {
    if (![1, 3, 4, 5, 6, 7, 8, 10, 18, 19, 21, 22, 23].includes(part.type)) throw invalid(`${at}.type`, 'UNION_TYPE_CHOICES', 'This component cannot be used in a modal')
    if (part.label !== undefined) long(`${at}.label`, part.label, 45, part.type === 18 ? 1 : 0)
    if (part.description) long(`${at}.description`, part.description, 100)
    if (part.placeholder) long(`${at}.placeholder`, part.placeholder, part.type === 4 ? 100 : 150)
    if (part.type === 4 && part.value) long(`${at}.value`, part.value, part.max_length ?? 4000)
    if (part.custom_id === undefined) continue
    long(`${at}.custom_id`, part.custom_id, 100, 1)
    if (seen.has(part.custom_id)) throw invalid(`${at}.custom_id`, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
    seen.add(part.custom_id)
  }
}

// Whom a message notifies: with no allowed_mentions Discord reads people, roles and everyone out of the words.
export function pings(body) {
  let words = body.content ?? ''
  for (const [part] of parts(body.components)) if (part.type === 10) words += '\n' + part.content
  words = words.replace(/`[^`]*`/g, '')
  const allowed = body.allowed_mentions
  const open = kind => !allowed || (allowed.parse ?? []).includes(kind)
  const found = (shape, kind) => [...words.matchAll(shape)].map(m => m[1]).filter(id => open(kind) || (allowed[kind] ?? []).includes(id))
  const everyone = open('everyone') ? [...words.matchAll(/@(everyone|here)/g)].map(m => m[1]) : []
  return [...new Set([...found(/<@!?(\d+)>/g, 'users'), ...found(/<@&(\d+)>/g, 'roles'), ...everyone])]
}
