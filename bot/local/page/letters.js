/** Letters of names, in any script. Pure. */

/** Letters compared without case and accents, so that "salma" finds "Sálma". */
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Two letters for a name. */
export function initials(name) {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  const bare = (word) => word.normalize("NFC").replace(/^ال(?=..)/u, ""); // without the Arabic article
  const first = (word) => [...bare(word)].find((letter) => /\p{L}/u.test(letter));
  return letters.map(first).join("\u200c").toUpperCase() || "?"; // a non-joiner keeps Arabic letters apart
}
