// Looks at a document's text: whether it has what was typed, how it ranks, what of it is shown.
// Loaded as the first text is looked at.
import { NUMERALS, RANK, charactersEnd } from "./search.js";

const KEYWORD = 20; // characters of a keyword or a name, at the most
const AROUND = 40; // characters of an excerpt on either side of its first find
const SPANS = 200; // finds that an excerpt marks
const ENGLISH = "en/";

// A document with its hit and its rank, or null where its text does not hold the words (or, if
// `near`, nothing of them).
export async function judged(one, record, wish, { index, site, near }) {
  const { wanted, unwanted, english, key, short } = wish;
  const text = new Text(record, index, short);
  if (unwanted.some((form) => text.holds(form))) return null;
  const numbers = one.numbered ? record.numbers.map((number) => index.numberKey(number)).filter((number) => number.includes(key)) : [];
  const dated = Boolean(wish.day) && [record.date, ...record.days].includes(wish.day);
  const cell = text.cells.length && !short ? await bestCell(text.cells, wanted, index) : null;
  const marks = near ? wanted.map(({ forms }) => one.parts(forms, (form) => text.holds(form))) : wanted.map(({ forms }) => text.held(forms));
  const shown = marks.flat();
  if (near ? !shown.length : !(numbers.length || dated || (cell?.exact && wanted.length === 1) || marks.every((forms) => forms.length))) return null;
  const { title, date, kind, category, agencies } = record;
  const words = record.texts.join(" ");
  const translated = Boolean(english && record.english);
  const place = `${translated && !cell ? ENGLISH : ""}${record.address}${cell ? `#${encodeURIComponent(cell.anchor)}` : ""}`;
  const typed = wanted.every((term) => text.fields.some((field) => stands(field, term.typed)));
  const hit = {
    url: new URL(place, site).href,
    title: translated ? record.english : title,
    date, kind, category, agencies, typed, translated,
    numbers: record.numbers,
    number: numbers.length > 0,
    excerpt: shown.length ? text.excerpt(shown) : [{ text: words.slice(0, charactersEnd(words, 3 * AROUND)), found: false }],
    cell: cell && { label: cell.label, value: cell.value },
  };
  const rank = near ? one.score : ranked(one, { wish, text, record, marks, numbers, dated, cell, typed });
  return { ...one, hit, rank };
}

const bestCell = async (cells, wanted, index) => {
  const { best } = await import("./search-cells.js");
  return best(cells, wanted, (text) => index.fold(text).trim());
};

// All that a document can be found by: its fields and its figures, as typed and folded.
class Text {
  #short;

  constructor(record, index, short) {
    const { title, numbers, agencies, texts, english, cells } = record;
    this.fields = [title, ...numbers, ...agencies, ...texts, english];
    this.folded = this.fields.map((field) => index.map(field));
    this.cells = cells.map(([anchor, label, value]) => (
      { anchor, label, value, text: index.fold(`${label} ${value.replace(/\s/gu, "")}`) }
    ));
    this.#short = short; // one character is looked for in the title and in names and keywords
  }

  holds(form) {
    const { folded, cells } = this;
    const counts = ({ text }) => !this.#short || text.length <= KEYWORD || text === folded[0].text;
    return folded.some((field) => field.text.includes(form) && counts(field)) || cells.some(({ text }) => text.includes(form));
  }

  // The forms of a word that stand here.  A number in a form that was not typed stands here as a
  // whole: 五百萬 not in 二千五百萬.
  held(forms) {
    const all = [...this.folded, ...this.cells];
    return forms.filter((form, at) => this.holds(form) && (!at || all.some(({ text }) => stands(text, form))));
  }

  // Runs of {text, found}: the field with most of the words, cut, with the words marked.
  excerpt(words) {
    const counts = this.folded.map(({ text }) => words.filter((word) => text.includes(word)).length);
    const most = Math.max(0, ...counts.slice(1));
    const field = most ? counts.indexOf(most, 1) : 0;
    return marked(this.fields[field], this.folded[field], words);
  }
}

function stands(text, form) {
  let at = text.indexOf(form);
  while (at > 0 && NUMERALS.test(form[0]) && NUMERALS.test(text[at - 1])) at = text.indexOf(form, at + 1);
  return at >= 0;
}

function ranked(one, { wish, text, record, marks, numbers, dated, cell, typed }) {
  if (numbers.includes(wish.key)) return RANK.number;
  if (cell?.exact) return (cell.worth >= 4 ? RANK.figure : RANK.label) + cell.worth;
  if (numbers.length) return RANK.part;
  if (dated) return RANK.day + Number(record.days.includes(wish.day));
  const { folded } = text;
  const [title, english] = [folded[0], folded.at(-1)];
  const has = (places) => marks.filter((forms) => places.some((place) => forms.some((form) => place.text.includes(form)))).length;
  const titles = has([title, english]);
  if (marks.length === 1 && marks[0].some((form) => form === title.text.trim() || form === english.text.trim())) return RANK.whole + typed;
  if (titles === marks.length) return RANK.title - title.text.length + (typed ? 500 : 0);
  const first = 1 + record.numbers.length;
  const agencies = has(folded.slice(first, first + record.agencies.length));
  const names = folded.map((field) => field.text.trim());
  const keywords = marks.filter((forms) => names.some((name) => name === wish.whole || forms.includes(name))).length;
  const label = cell ? RANK.keyword / 2 : 0; // has some of the words
  return titles * RANK.some + agencies * RANK.agency + keywords * RANK.keyword + label
    + (typed ? 2000 : 0) + one.tf * 100 - one.size;
}

function marked(text, folded, words) {
  const spans = [];
  for (const word of words) {
    for (let at = folded.text.indexOf(word); at >= 0; at = folded.text.indexOf(word, at + 1)) {
      spans.push([folded.starts[at], folded.ends[at + word.length - 1]]);
      if (spans.length > SPANS) break;
    }
  }
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const first = spans[0]?.[0] ?? 0;
  const start = charactersEnd(text, Math.max(0, first - AROUND));
  const end = charactersEnd(text, Math.min(text.length, first + 3 * AROUND));
  const runs = start ? [{ text: "…", found: false }] : [];
  let at = start;
  for (const [from, to] of spans) {
    if (to <= at || from >= end) continue;
    if (from > at) runs.push({ text: text.slice(at, from), found: false });
    runs.push({ text: text.slice(Math.max(at, from), Math.min(to, end)), found: true });
    at = Math.min(to, end);
  }
  if (at < end) runs.push({ text: text.slice(at, end), found: false });
  if (end < text.length) runs.push({ text: "…", found: false });
  return runs;
}
