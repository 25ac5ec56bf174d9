// What comes nearest to a query that no document answers: documents with most of its parts.
//
// Parts are pairs of characters, each worth the more the fewer documents have it, and twice as
// much in a title.  A word with one wrong character keeps all its other pairs; a name that was
// shortened keeps its ends.

const LOOKED_AT = 30; // documents whose texts are looked at
const LETTERS = 4; // characters of a part in letters or digits, at the least
const SURE = 4; // characters of a word that can be taken for a mistyped one, at the least
const LEAST = 0.45; // of what the parts of a query that occur at all are worth

export async function nearest({ wanted }, { lists, documents, signal }) {
  const pairs = new Map();
  const all = wanted.flatMap(({ forms }) => forms.flatMap(pairsOf));
  await Promise.all([...new Set(all)].map(async (pair) => {
    const places = await lists(pair);
    pairs.set(pair, { places, worth: places.size ? Math.log(1 + documents / places.size) : 0 });
  }));
  signal?.throwIfAborted();
  const scores = new Map();
  let most = 0;
  for (const { forms } of wanted) {
    const own = new Map();
    let worth = 0;
    for (const form of forms) {
      const parts = new Map();
      let whole = 0;
      for (const pair of new Set(pairsOf(form))) {
        const { places, worth: each } = pairs.get(pair);
        whole += each;
        for (const [document, title] of places) parts.set(document, (parts.get(document) ?? 0) + each * (title ? 2 : 1));
      }
      worth = Math.max(worth, whole);
      for (const [document, score] of parts) own.set(document, Math.max(own.get(document) ?? 0, score));
    }
    most += worth;
    for (const [document, score] of own) scores.set(document, (scores.get(document) ?? 0) + score);
  }
  return [...scores]
    .filter(([, score]) => score >= most * LEAST)
    .sort((a, b) => b[1] - a[1] || b[0] - a[0])
    .slice(0, LOOKED_AT)
    .map(([document, score]) => ({ document, score, parts, tf: 0, titles: 0, title: 0, names: 0 }));
}

// The longest runs of a word that a text holds.
function parts(forms, holds) {
  const found = new Set();
  for (const form of forms) {
    const units = [...form];
    for (let start = 0; start < units.length - 1; start += 1) {
      let end = start + 1;
      while (end < units.length && holds(units.slice(start, end + 1).join(""))) end += 1;
      if (end - start < 2) continue;
      found.add(units.slice(start, end).join("").trim());
      start = end - 1;
    }
  }
  return [...found].filter((run) => [...run].length >= (/^[\da-z]+$/u.test(run) ? LETTERS : 2));
}

// The word of a text that differs from a typed one in one character; "" if there is none.
export function likeness(word, text) {
  const typed = [...word], units = [...text];
  if (typed.length < SURE) return "";
  for (const length of [typed.length, typed.length + 1, typed.length - 1]) {
    for (let start = 0; start + length <= units.length; start += 1) {
      const part = units.slice(start, start + length);
      let head = 0, tail = 0;
      while (head < typed.length && typed[head] === part[head]) head += 1;
      while (tail < typed.length - head && tail < length - head && typed.at(-1 - tail) === part.at(-1 - tail)) tail += 1;
      if (Math.max(typed.length, length) - head - tail === 1) return part.join("").trim();
    }
  }
  return "";
}

const pairsOf = (text) => {
  const units = [...text];
  return units.slice(1).map((unit, at) => units[at] + unit).filter((pair) => !/^\s|\s$/u.test(pair));
};
