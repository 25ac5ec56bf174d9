// Searches the site's static index: any run of two or more characters, exactly.
//
//   const index = await open("https://example.org/");
//   const found = await index.search("檔案管理 -附件", { filters: { kind: ["公報"] }, limit: 10 });
//
// search(query, {literal, filters, from, to, sort, offset, limit, near, english}) gives
//   {total, exact, hits: [{url, title, date, kind, category, agencies, excerpt}], facets, terms}.
// Terms parted by blanks must all stand in a document, each as an exact run in one of its forms;
// -term excludes; literal takes the whole query as one run.  filters: {kind, category, agency,
// year}, lists of words; from and to are ISO days; sort is "relevance" or "newest".  A hit's text
// was looked at; if that of every candidate was, total and the facets' numbers are exact, else
// the numbers are null.  The hit of a figure has {cell: {label, value}}.  With near, a query
// without a hit finds what has most of its parts: parts is true.  Terms of one character each are
// looked for in titles and names: short is true, and part, unless it is 0, is the number of the
// newest documents that were looked at.  names: see open.
// candidates(query, {literal}) gives the addresses of the whole list before texts are looked at.
//
// Queries are folded as generator/text/normalize.py folds texts, by the same table: nothing about
// characters is asked of the browser.  generator/output/search/postings.py says how shards lie.
const FOLDER = "search/";
const EPOCH = Date.UTC(1895, 0, 1);
const DAY = 86400000;
const LOOKED_AT = 60; // candidates that are verified to make a small total exact
const NEWEST = 240; // documents that one character is looked for in
const NAMELESS = { formsOf: (forms) => [...new Set(forms)], agenciesOf: () => [] };
const HANGUL = { syllables: 0xac00, count: 11172, leads: 0x1100, vowels: 0x1161, finals: 0x11a7 };
const LEADS = 19, VOWELS = 21, FINALS = 28; // "none" is the first final
export const NUMERALS = /[\p{Nd}〇○零一二三四五六七八九十百千萬万億亿]/u;
const NO_NUMBERS = { formsOf: () => [], isoDay: () => "" };
const SIGNS = /[ #$%&*+=@字第號]/g;

// names are those of search-names.js, which knows synonyms and agencies.
export async function open(baseUrl, names = () => NAMELESS) {
  const base = new URL(FOLDER, baseUrl);
  const table = await (await fetched(new URL("index.json", base), { cache: "no-cache" })).json();
  const folds = JSON.parse(await new Response(await inflated(new URL(table.fold, base))).text());
  return new Index(baseUrl, base, table, new Folding(folds), await names);
}

async function fetched(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer;
}

async function inflated(url, signal) {
  const answer = await fetched(url, { signal });
  const stream = answer.body.pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

// ---- folding

// The table of generator/text/fold_table.py, and what generator/text/normalize.py does by it.
class Folding {
  #folds = new Map(); #marks = new Map(); #composites = new Map(); #parts = new Map();
  #joining = new Set();

  constructor({ one, more, marks, pairs }) {
    const put = (map, [runs, values]) => {
      let at = 0, point = 0;
      for (let run = 0; run < runs.length; run += 2) {
        point += runs[run];
        for (let rest = runs[run + 1]; rest > 0; rest -= 1) map.set(String.fromCodePoint(point++), values[at++]);
      }
    };
    put(this.#folds, [one[0], [...one[1]]]);
    put(this.#folds, [more[0], more[1].split("\n")]);
    put(this.#marks, marks);
    for (const mark of this.#marks.keys()) this.#joining.add(mark);
    for (const [from, count] of [[HANGUL.vowels, VOWELS], [HANGUL.finals + 1, FINALS - 1]]) {
      for (let at = 0; at < count; at += 1) this.#joining.add(String.fromCodePoint(from + at));
    }
    const units = [...pairs];
    for (let at = 0; at < units.length; at += 3) {
      const [first, second, composite] = units.slice(at, at + 3);
      this.#composites.set(first + second, composite);
      this.#parts.set(composite, [first, second]);
      this.#joining.add(second);
    }
    for (const composite of this.#parts.keys()) {
      if (this.#joining.has(this.#decomposed(composite)[0])) this.#joining.add(composite);
    }
  }

  // The folded text, and for each of its units where in the text as typed it began and ended.
  map(text) {
    let units = [], starts = [], ends = [], joins = false, at = 0;
    for (const character of text) {
      const end = at + character.length;
      const folded = this.#folds.get(character) ?? character;
      if (!folded && ends.length) ends[ends.length - 1] = end; // what is not seen goes with the one before
      for (const unit of folded) {
        units.push(unit);
        starts.push(at);
        ends.push(end);
        joins ||= this.#joining.has(unit);
      }
      at = end;
    }
    if (joins) [units, starts, ends] = this.#composed(units, starts, ends);
    const found = { text: "", starts: [], ends: [] };
    units.forEach((unit, place) => {
      if (unit === " " && units[place - 1] === " ") {
        found.ends[found.ends.length - 1] = ends[place];
        return;
      }
      found.text += unit;
      for (let half = 0; half < unit.length; half += 1) {
        found.starts.push(starts[place]);
        found.ends.push(ends[place]);
      }
    });
    return found;
  }

  // Marks in canonical order, joined to their letters (The Unicode Standard, 3.11).
  #composed(units, starts, ends) {
    const ranked = [];
    let letters = 0;
    units.forEach((unit, place) => {
      for (const part of this.#decomposed(unit)) {
        const order = this.#marks.get(part) ?? 0;
        if (!order) letters += 1;
        ranked.push({ unit: part, order, letters, place });
      }
    });
    const places = ranked.map(({ place }) => place);
    ranked.sort((a, b) => a.letters - b.letters || a.order - b.order);
    const found = [[], [], []];
    let letter = -1, last = 0;
    ranked.forEach(({ unit, order }, at) => {
      const [start, end] = [starts[places[at]], ends[places[at]]];
      const near = letter === found[0].length - 1 || last < order;
      const composite = letter >= 0 && near ? this.#composite(found[0][letter], unit) : undefined;
      if (composite) {
        found[0][letter] = composite;
        found[2][letter] = Math.max(found[2][letter], end);
        return;
      }
      if (!order) letter = found[0].length;
      last = order;
      found[0].push(unit);
      found[1].push(start);
      found[2].push(end);
    });
    return found;
  }

  #decomposed(unit) {
    const place = unit.codePointAt(0) - HANGUL.syllables;
    if (place >= 0 && place < HANGUL.count) {
      const vowel = Math.floor(place / FINALS);
      const points = [HANGUL.leads + Math.floor(vowel / VOWELS), HANGUL.vowels + (vowel % VOWELS)];
      if (place % FINALS) points.push(HANGUL.finals + (place % FINALS));
      return points.map((point) => String.fromCodePoint(point));
    }
    const parts = this.#parts.get(unit);
    return parts ? [...this.#decomposed(parts[0]), parts[1]] : [unit];
  }

  #composite(first, second) {
    const place = first.codePointAt(0) - HANGUL.syllables;
    const lead = first.codePointAt(0) - HANGUL.leads;
    const vowel = second.codePointAt(0) - HANGUL.vowels;
    const final = second.codePointAt(0) - HANGUL.finals;
    if (lead >= 0 && lead < LEADS && vowel >= 0 && vowel < VOWELS) {
      return String.fromCodePoint(HANGUL.syllables + (lead * VOWELS + vowel) * FINALS);
    }
    if (place >= 0 && place < HANGUL.count && place % FINALS === 0 && final > 0 && final < FINALS) {
      return String.fromCodePoint(HANGUL.syllables + place + final);
    }
    return this.#composites.get(first + second);
  }
}

class Index {
  #base; #site; #table; #folding; #names; #kept = new Map();

  constructor(site, base, table, folding, names) {
    this.#site = site;
    this.#base = base;
    this.#table = table;
    this.#folding = folding;
    this.#names = names((text) => this.fold(text).trim(), site);
  }

  get documents() { return this.#table.documents; }

  // A text as it is compared, with the place of each of its units in the text as typed.
  map(text) { return this.#folding.map(text); }

  fold(text) { return this.map(text).text; }

  numberKey(text) { return this.fold(text).replace(SIGNS, ""); }

  // ---- queries

  // Words that a document must hold, each as typed and in its folded forms, and folded words that
  // it must not.
  async terms(query, literal = false) {
    const { formsOf, isoDay } = NUMERALS.test(query) ? await import("./search-forms.js") : NO_NUMBERS;
    const folded = (text) => this.fold(text).trim();
    const wanted = new Map(), unwanted = new Set();
    if (literal) {
      const term = this.fold(query);
      if (term.trim()) wanted.set(term, { typed: query, forms: [term] });
    } else {
      for (const typed of query.slice(0, charactersEnd(query, 1000)).split(/[\s\u3000]+/u)) {
        const excluded = /^[-－]./u.test(typed);
        const term = folded(excluded ? typed.slice(1) : typed);
        if (!term) continue;
        if (excluded) unwanted.add(term);
        else if (!wanted.has(term)) {
          const forms = this.#names.formsOf([term, ...formsOf(typed).map(folded)]);
          wanted.set(term, { typed, forms });
        }
      }
    }
    return { wanted: [...wanted.values()], unwanted: [...unwanted], day: literal ? "" : isoDay(query) };
  }

  async candidates(query, { literal = false } = {}) {
    const { wanted } = await this.terms(query, literal);
    const found = await this.#found(wanted.map(({ forms }) => [forms[0]]), undefined);
    return Promise.all(found.map((one) => this.#address(one.document)));
  }

  async search(query, options = {}) {
    const { literal = false, filters = {}, from = "", to = "", sort = "relevance" } = options;
    const { offset = 0, limit = 10, near = false, english = false, signal } = options;
    const terms = await this.terms(query, literal);
    const { wanted, unwanted } = terms;
    const typed = wanted.map((term) => term.typed);
    const blank = !wanted.length;
    const short = !blank && wanted.every(({ forms }) => [...forms[0]].length < 2);
    const key = literal ? "" : this.numberKey(query);
    const wish = { ...terms, short, whole: this.fold(query).trim(), key, english };
    const look = (one) => this.#look(one, wish, signal);
    const described = async (list) => {
      await this.#describe(list, signal);
      return list.filter((one) => within(one, from, to));
    };
    let list = [];
    if (short) list = this.#all().slice(-NEWEST); // no list of the index says who has one character
    else if (!blank) list = await this.#found(wanted.map(({ forms }) => forms), signal);
    else if (!query.trim()) list = this.#all();
    await this.#named(list, wish, signal);
    if (wish.day) await this.#published(list, wish.day, signal);
    list = await described(list);
    const isNamed = (name) => wanted.some(({ forms }) => this.fold(name).includes(forms[0]));
    const named = new Set(typed.length ? this.#table.agency.filter(isNamed) : []);
    for (const one of list) one.rank = guessed(one, wanted, named);
    const pairs = wanted.every(({ forms }) => forms.length === 1 && isPair(forms[0]));
    let certain = blank || (pairs && !unwanted.length && list.every((one) => one.tf));
    let parts = false;
    if (!blank && (short || list.length <= LOOKED_AT)) {
      list = await looked(list, look);
      certain = true;
      if (!list.length && near && !literal && !short) {
        const { nearest } = await import("./search-near.js");
        const lists = (pair) => this.#everywhere(pair);
        list = await described(await nearest(wish, { lists, documents: this.documents, signal }));
        list = await looked(list, (one) => this.#look(one, wish, signal, true));
        parts = list.length > 0;
      }
    }
    const narrowed = literal || from || to || Object.values(filters).some((words) => words?.length);
    const answers = narrowed ? [] : this.#names.agenciesOf(query);
    const facets = this.#facets(list, filters, certain);
    list = list.filter((one) => matches(one, filters));
    if (!certain && list.length <= LOOKED_AT) {
      list = await looked(list, look);
      certain = true;
    }
    list.sort(sort === "newest" ? byDay : byRank);
    const start = Math.max(0, offset - answers.length);
    const end = Math.max(0, offset + limit - answers.length);
    const { shown, dropped, whole } = await page(list, look, start, end);
    return {
      total: answers.length + list.length - dropped,
      exact: certain || whole,
      hits: [...answers.slice(offset, offset + limit), ...shown],
      facets,
      terms: typed,
      parts,
      short,
      part: short && this.documents > NEWEST ? NEWEST : 0,
    };
  }

  // ---- the parts of the index

  #once(name, make) {
    if (!this.#kept.has(name)) {
      const made = make().catch((fault) => { this.#kept.delete(name); throw fault; });
      this.#kept.set(name, made);
    }
    return this.#kept.get(name);
  }

  async #record(document) {
    const segment = this.#segment(document);
    const within = document - segment.first;
    const size = this.#table.block;
    const name = `${segment.folder}t${Math.floor(within / size).toString(16)}.bin`;
    const block = await this.#once(name, async () => {
      const [alphabet, content] = await Promise.all([
        this.#alphabet(segment),
        inflated(new URL(`../${name}`, this.#base)),
      ]);
      return JSON.parse(spelled(new Uint8Array(content), alphabet));
    });
    const [address, title, date, kind, category, agencies, numbers, texts, ...rest] = block[within % size];
    const [english = "", days = [], cells = []] = rest;
    return { address, title, date, kind, category, agencies, numbers, texts, english, days, cells };
  }

  #segment(document) {
    return this.#table.segments.findLast((segment) => segment.first <= document);
  }

  async #address(document) {
    const segment = this.#segment(document);
    const within = document - segment.first;
    const size = this.#table.chunk;
    const name = `${segment.folder}u${Math.floor(within / size).toString(16)}.bin`;
    const addresses = await this.#once(name, async () => {
      const content = await inflated(new URL(`../${name}`, this.#base));
      return new TextDecoder().decode(content).split("\n");
    });
    return addresses[within % size];
  }

  #alphabet(segment) {
    const name = `${segment.folder}a.bin`;
    return this.#once(name, async () => {
      const content = await inflated(new URL(`../${name}`, this.#base));
      return [...new TextDecoder("utf-16le", { ignoreBOM: true }).decode(content)];
    });
  }

  async #columns(segment, chunk) {
    const name = `${segment.folder}c${chunk.toString(16)}.bin`;
    return this.#once(name, async () => {
      const view = new DataView(await inflated(new URL(`../${name}`, this.#base)));
      const size = this.#table.chunk;
      const count = Math.min(size, segment.documents - chunk * size);
      let at = 0;
      const bytes = () => Array.from({ length: count }, () => view.getUint8(at++));
      const words = (length) => Array.from({ length }, () => view.getUint16((at += 2) - 2, true));
      const kinds = bytes(), categories = words(count), days = words(count);
      const titles = bytes(), sizes = bytes(), counts = bytes();
      const agencies = counts.map((length) => words(length));
      return { kinds, categories, days, titles, sizes, agencies };
    });
  }

  async #shard(segment, number) {
    const name = `${segment.folder}p${number.toString(16)}.bin`;
    return this.#once(name, async () => {
      return new Uint8Array(await inflated(new URL(`../${name}`, this.#base)));
    });
  }

  async #lists(segment, pair) {
    const bits = Math.log2(segment.shards);
    const hash = hashed(pair);
    const shift = 32 - bits;
    const rest = bits ? (shift === 32 ? hash : hash % 2 ** shift) : hash;
    const shard = await this.#shard(segment, bits ? Math.floor(hash / 2 ** shift) : 0);
    return group(shard, rest);
  }

  // ---- finding

  #all() {
    return Array.from({ length: this.documents }, (_, document) => unlisted(document));
  }

  // Documents that hold, of each term, every pair of a form at places that fit, in their order.
  async #found(wanted, signal) {
    const long = wanted.filter((forms) => [...forms[0]].length > 1); // pairs say nothing of others
    const parts = await Promise.all(this.#table.segments.map(async (segment) => {
      let held = null;
      for (const part of await Promise.all(long.map((forms) => this.#held(segment, forms)))) {
        held = held ? joined(held, part) : part;
      }
      return [...(held ?? [])].map(([within, one]) => ({ document: segment.first + within, ...one }));
    }));
    signal?.throwIfAborted();
    return parts.flat();
  }

  async #held(segment, forms) {
    const held = new Map();
    await Promise.all(forms.map(async (form) => {
      const units = [...form];
      if (units.length < 2) return;
      const lists = await Promise.all(pairsOf(form).map((pair) => this.#lists(segment, pair)));
      const texts = chained(lists.map(({ text }) => text));
      const titles = chained(lists.map(({ title }) => title));
      const names = chained(lists.map(({ number }) => number));
      for (const [within, mask] of texts) {
        const one = {
          tf: ones(mask),
          titles: Number(titles.has(within)),
          title: titles.has(within) ? units.length : 0,
          names: Number(names.has(within)),
        };
        const other = held.get(within);
        if (!other || other.title < one.title || other.tf < one.tf) held.set(within, one);
      }
    }));
    return held;
  }

  // Adds the documents whose number or day was typed, and marks those.
  async #named(list, { key, day }, signal) {
    const known = new Map(list.map((one) => [one.document, one]));
    const keys = [];
    if (/\d{3}/u.test(key)) keys.push(["numbered", key]);
    if (day) keys.push(["dated", day.replaceAll("-", "")]);
    await Promise.all(keys.map(async ([sort, name]) => {
      await Promise.all(this.#table.segments.map(async (segment) => {
        const lists = await Promise.all(pairsOf(name).map((pair) => this.#lists(segment, pair)));
        for (const within of chained(lists.map(({ number }) => number)).keys()) {
          const document = segment.first + within;
          if (!known.has(document)) {
            known.set(document, unlisted(document));
            list.push(known.get(document));
          }
          known.get(document)[sort] = true;
        }
      }));
    }));
    signal?.throwIfAborted();
  }

  // Adds the documents that were published on a day.
  async #published(list, day, signal) {
    const all = this.#all();
    await this.#describe(all, signal);
    const known = new Set(list.map(({ document }) => document));
    const added = all.filter((one) => within(one, day, day) && !known.has(one.document));
    list.push(...added.map((one) => ({ ...one, dated: true })));
  }

  // The lists of a pair over all segments: document numbers, and which have it in the title.
  async #everywhere(pair) {
    const texts = new Map();
    await Promise.all(this.#table.segments.map(async (segment) => {
      const { text, title } = await this.#lists(segment, pair);
      for (const within of text.keys()) texts.set(segment.first + within, title.has(within));
    }));
    return texts;
  }

  async #describe(list, signal) {
    const chunks = new Map();
    const size = this.#table.chunk;
    for (const one of list) {
      const segment = this.#segment(one.document);
      const chunk = Math.floor((one.document - segment.first) / size);
      chunks.set(`${segment.folder}${chunk}`, [segment, chunk]);
    }
    const read = new Map(await Promise.all([...chunks].map(async ([name, [segment, chunk]]) => (
      [name, await this.#columns(segment, chunk)]
    ))));
    signal?.throwIfAborted();
    for (const one of list) {
      const segment = this.#segment(one.document);
      const within = one.document - segment.first;
      const columns = read.get(`${segment.folder}${Math.floor(within / size)}`);
      const at = within % size;
      one.day = columns.days[at];
      one.kind = this.#table.kind[columns.kinds[at]];
      one.category = this.#table.category[columns.categories[at]];
      one.agency = columns.agencies[at].map((number) => this.#table.agency[number]);
      one.length = columns.titles[at];
      one.size = columns.sizes[at];
      one.year = one.day ? `${new Date(EPOCH + one.day * DAY).getUTCFullYear() - 1911}年` : "";
    }
  }

  // The words by which hits can be narrowed, with their numbers if these are certain.
  #facets(list, filters, certain) {
    const counted = {};
    for (const name of ["kind", "category", "year", "agency"]) {
      const counts = new Map();
      const others = { ...filters, [name]: [] };
      for (const one of list) {
        if (!matches(one, others)) continue;
        for (const word of [one[name]].flat()) if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      const order = name === "year" ? (a, b) => parseInt(b.word) - parseInt(a.word)
        : (a, b) => b.count - a.count || (a.word < b.word ? -1 : 1);
      const sorted = [...counts].map(([word, count]) => ({ word, count })).sort(order);
      counted[name] = certain ? sorted : sorted.map(({ word }) => ({ word, count: null }));
    }
    return counted;
  }

  // A document with its hit and rank, or null; see search-hits.js.
  async #look(one, wish, signal, near = false) {
    const [record, { judged }] = await Promise.all([this.#record(one.document), import("./search-hits.js")]);
    signal?.throwIfAborted();
    return judged(one, record, wish, { index: this, site: this.#site, near });
  }
}

// A document that no list of the index gave.
const unlisted = (document) => ({ document, tf: 0, titles: 0, title: 0, names: 0 });

// A place in a text, or the one before it, so that a cut there halves no surrogate pair.
export const charactersEnd = (text, at) => (text.codePointAt(at - 1) > 0xffff ? at - 1 : at);

const pairsOf = (text) => {
  const units = [...text];
  return units.slice(1).map((unit, at) => units[at] + unit);
};

// A text from its numbers in the alphabet of its segment.
function spelled(bytes, alphabet) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const first = bytes[at];
    if (first < 160) parts.push(alphabet[first]);
    else if (first < 255) parts.push(alphabet[160 + (first - 160) * 256 + bytes[++at]]);
    else parts.push(String.fromCodePoint((bytes[++at] << 16) | (bytes[++at] << 8) | bytes[++at]));
  }
  return parts.join("");
}

// ---- postings

function hashed(pair) {
  const [first, second] = [...pair].map((unit) => {
    const point = unit.codePointAt(0);
    return Number((BigInt(point) ^ (BigInt(point >>> 16) * 0x9e37n)) & 0xffffn);
  });
  const mixed = Math.imul((first << 16) | second, 0x9e3779b1) >>> 0;
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function varint(bytes, at) {
  let number = 0, factor = 1, octet;
  do {
    octet = bytes[at++];
    number += (octet & 0x7f) * factor;
    factor *= 128;
  } while (octet & 0x80);
  return [number, at];
}

function group(bytes, wanted) {
  const empty = new Map();
  let at = 0, rest = 0, gap, flags;
  while (at < bytes.length) {
    [gap, at] = varint(bytes, at);
    [flags, at] = varint(bytes, at);
    rest += gap;
    if (rest > wanted) break;
    const lists = [[at, at + Math.floor(flags / 4)]];
    at = lists[0][1];
    for (const flag of [2, 1]) {
      if (!(flags & flag)) { lists.push([at, at]); continue; }
      let length;
      [length, at] = varint(bytes, at);
      lists.push([at, at + length]);
      at += length;
    }
    if (rest === wanted) {
      const [text, title, number] = lists.map(([start, end]) => listed(bytes, start, end));
      return { text, title, number };
    }
  }
  return { text: empty, title: empty, number: empty };
}

function listed(bytes, start, end) {
  const found = new Map();
  let document = 0, at = start;
  while (at < end) {
    const first = bytes[at++];
    const many = first & 0x80;
    let gap = many ? first & 0x7f : first >> 3;
    if (gap === (many ? 127 : 15)) {
      let more;
      [more, at] = varint(bytes, at);
      gap += more;
    }
    document += gap;
    found.set(document, many ? bytes[at++] : 1 << (first & 7));
  }
  return found;
}

// Documents in all lists, with the places (modulo eight) at which the lists follow each other.
function chained(lists) {
  const order = lists.map((list, at) => [list, at]).sort((a, b) => a[0].size - b[0].size);
  let held = null;
  for (const [list, at] of order) {
    const next = new Map();
    for (const [document, mask] of held ?? list) {
      const other = list.get(document);
      if (other === undefined) continue;
      const turned = ((other >> (at & 7)) | (other << (8 - (at & 7)))) & 0xff;
      const both = held ? mask & turned : turned;
      if (both) next.set(document, both);
    }
    held = next;
  }
  return held ?? new Map();
}

function joined(left, right) {
  const both = new Map();
  for (const [document, one] of left) {
    const other = right.get(document);
    if (!other) continue;
    const sums = Object.keys(one).map((name) => [name, one[name] + other[name]]);
    both.set(document, Object.fromEntries(sums));
  }
  return both;
}

// Pairs of the basic plane have hashes of their own: what their postings say is certain.
const isPair = (term) => term.length === 2 && !/[\ud800-\udfff]/.test(term);

const ones = (mask) => mask.toString(2).replaceAll("0", "").length;

// ---- order

// Document numbers, days and figures come first, then titles and labels, then agencies, keywords
// and texts.  Before its text was looked at, a document's rank is guessed from the lists alone.
export const RANK = {
  number: 9e6, figure: 8e6, part: 7e6, day: 6e6, whole: 5e6, label: 4.5e6, title: 3e6,
  some: 1e5, agency: 3e4, keyword: 1e4,
};

function guessed(one, wanted, named) {
  if (one.numbered) return RANK.part;
  if (one.dated) return RANK.day;
  if (wanted.length && one.titles === wanted.length) {
    const whole = wanted.length === 1 && Math.min(one.title, 255) === one.length;
    return (whole ? RANK.whole : RANK.title) - one.length;
  }
  if (wanted.length === 1 && one.names) return RANK.label - 1e6;
  const agency = one.agency.some((name) => named.has(name)) ? RANK.agency : 0;
  return one.titles * RANK.some + agency + one.tf * 100 - one.size;
}

const byRank = (a, b) => b.rank - a.rank || byDay(a, b);
const byDay = (a, b) => b.day - a.day || b.document - a.document;

function within(one, from, to) {
  if (!from && !to) return true;
  const day = one.day ? new Date(EPOCH + one.day * DAY).toISOString().slice(0, 10) : "";
  return Boolean(day) && (!from || day >= from) && (!to || day <= to);
}

function matches(one, filters) {
  return Object.entries(filters).every(([name, words]) => (
    !words?.length || [one[name]].flat().some((word) => words.includes(word))
  ));
}

// Those of a list that a look confirms, with their hits and their ranks by the texts.
async function looked(list, look) {
  return (await Promise.all(list.map(look))).filter(Boolean);
}

// The hits from one place of a list to another, each looked at.
async function page(list, look, start, end) {
  const found = [];
  let dropped = 0, at = 0;
  while (at < list.length && found.length < end) {
    const step = list.slice(at, at + Math.max(end - start, 1));
    const hits = (await Promise.all(step.map((one) => (one.hit ? one : look(one))))).filter(Boolean);
    found.push(...hits.map(({ hit }) => hit));
    dropped += step.length - hits.length;
    at += step.length;
  }
  return { shown: found.slice(start, end), dropped, whole: at >= list.length };
}
