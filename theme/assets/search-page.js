// The search page: what is typed, chosen and turned to lives in the address.
import { dayAfter, lastVisit, nearest } from "./search-follow.js";
import { namesOf, tableOf } from "./search-names.js";
import { open } from "./search.js";
import { tell } from "./states.js";
import { RECORDS, dayOf, english, say, wordsOf } from "./words.js";

const NO_NAMES = { words: [], agencies: [], english: {} };
const LIMIT = 10;
const PAUSE = 180; // milliseconds after a key before a search begins
const SHOWN = 8; // words of a facet before the rest is folded away

const base = new URL("..", import.meta.url);
const form = document.querySelector("#gb-search");
const box = document.querySelector("#gb-query");
const status = document.querySelector("#gb-status");
const hits = document.querySelector("#gb-hits");
const facetsBox = document.querySelector("#gb-facets");
const chips = document.querySelector("#gb-chips");
const offers = document.querySelector("#gb-offers");
const pages = document.querySelector("#gb-pages");

const follow = document.querySelector("#gb-follow");
const feeds = JSON.parse(form.dataset.feeds);
const visited = lastVisit();

const words = wordsOf(form);
const FACETS = [["kind", words.kind], ["category", words.category], ["year", words.year], ["agency", words.agency]];

let index = null;
let names = new Map(); // of sections, categories and agencies on a page in English
let ended = {};
let running = null;
let timer = 0;

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// ---- the address

function asked() {
  const given = new URLSearchParams(location.search);
  return {
    query: given.get("q") ?? "",
    filters: Object.fromEntries(FACETS.map(([name]) => [name, given.getAll(name)])),
    from: given.get("from") ?? "",
    to: given.get("to") ?? "",
    sort: given.get("sort") === "newest" ? "newest" : "relevance",
    page: Math.max(1, Number.parseInt(given.get("page") ?? "1", 10) || 1),
  };
}

function address(state) {
  const given = new URLSearchParams();
  if (state.query) given.set("q", state.query);
  for (const [name, chosen] of Object.entries(state.filters)) for (const word of chosen) given.append(name, word);
  if (state.from) given.set("from", state.from);
  if (state.to) given.set("to", state.to);
  if (state.sort !== "relevance") given.set("sort", state.sort);
  if (state.page > 1) given.set("page", String(state.page));
  const text = given.toString();
  return text ? `?${text}` : location.pathname;
}

function go(changes, replace = false) {
  const state = { ...asked(), page: 1, ...changes };
  history[replace ? "replaceState" : "pushState"](null, "", address(state));
  return show();
}

// A day as typed, in ISO form; "" if it is none.
async function isoDay(text) {
  return /\p{Nd}/u.test(text) ? (await import("./search-forms.js")).isoDay(text) : "";
}

// ---- showing

async function show() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const state = asked();
  fill(state);
  const open_ = state.query.trim() || state.from || state.to || Object.values(state.filters).some((chosen) => chosen.length);
  if (!open_) return clear("");
  try {
    if (!index) [index, ended] = await Promise.all([open(base, tableOf(base, "names", NO_NAMES).then(named)), tableOf(base, "ended", {})]);
    const days = { from: await isoDay(state.from), to: await isoDay(state.to) };
    const options = { ...state, ...days, offset: (state.page - 1) * LIMIT, limit: LIMIT, near: true, english, signal };
    const found = await index.search(state.query, options);
    if (signal.aborted) return undefined;
    render(found, state, wrongDays(state, days));
    await help(found, state, options, signal);
    await lead(found, options, signal);
  } catch (fault) {
    if (fault.name !== "AbortError") clear(words.failed);
  }
  return undefined;
}

// Marks the fields whose day is none, and says of each that it is left out.
function wrongDays(state, days) {
  return Object.entries(days).flatMap(([name, day]) => {
    const typed = state[name].trim();
    if (day || !typed) return [];
    form.elements[name].setAttribute("aria-invalid", "true");
    return [make("span", { class: "gb-error" }, say(words.no_day, { day: typed }))];
  });
}

// What changes while segments of the index never do: synonyms and agencies, and by address how
// documents have ended or will.
function named(table) {
  if (english) names = new Map(Object.entries(table.english ?? {}));
  return namesOf(table);
}

// A word that hits are counted by: its name in the page's language, or itself, marked as Chinese.
const shownWord = (word) => make("span", { lang: names.has(word) || /^\d*$/u.test(word) ? document.documentElement.lang : RECORDS }, names.get(word) ?? word);

function fill(state) {
  if (document.activeElement !== box) box.value = state.query;
  for (const name of ["from", "to", "sort"]) {
    const field = form.elements[name];
    field.removeAttribute("aria-invalid");
    if (document.activeElement !== field) field.value = state[name];
  }
}

function clear(text) {
  status.textContent = text;
  for (const box_ of [hits, facetsBox, chips, offers, pages, follow]) box_.replaceChildren();
}

function render(found, state, wrong) {
  const first = (state.page - 1) * LIMIT + 1;
  const range = { count: found.total, first, last: first + found.hits.length - 1 };
  const [before, after] = found.parts ? words.parts.split("{query}") : [];
  const told = found.parts ? [before, make("span", { lang: RECORDS }, state.query.trim()), after] : [];
  const part_ = found.part ? say(words.newest, { count: found.part }) : "";
  const short = found.short && !found.part ? words.one_character : "";
  status.replaceChildren(...wrong, ...told, say(counted(found), range), part_, short);
  hits.start = first;
  hits.replaceChildren(...found.hits.map(hit));
  const open_ = facetsBox.querySelector("details")?.open ?? matchMedia("(min-width: 60em)").matches;
  const parts = FACETS.map(([name, label]) => facet(name, label, found, state)).filter(Boolean);
  const chosen = FACETS.flatMap(([name, label]) => state.filters[name].map((word) => chip(name, label, word, state)));
  const title = chosen.length ? say(words.filter_chosen, { count: chosen.length }) : words.filter;
  chips.replaceChildren(...chosen);
  const focused = facetsBox.contains(document.activeElement) ? document.activeElement : null;
  facetsBox.replaceChildren(...(parts.length ? [make("details", { open: open_, class: "gb-filter" }, make("summary", {}, title), ...parts)] : []));
  if (focused) focusAgain(focused);
  pages.replaceChildren(...turning(found, state));
  follow.replaceChildren();
  offers.replaceChildren();
}

// The new filters' box for the same word has the focus that the replaced one had.
function focusAgain({ name, value }) {
  const same = [...facetsBox.querySelectorAll("input")].find((one) => one.name === name && one.value === value);
  const folded = same?.closest(".gb-facet details");
  if (folded) folded.open = true;
  same?.focus();
}

// The results that a press leads to have the focus, as what was pressed is replaced with them.
function toResults(block) {
  status.focus({ preventScroll: true });
  status.scrollIntoView({ block });
}

function tongueOf(excerpt) {
  return excerpt.some((run) => /\p{Script=Han}/u.test(run.text)) ? RECORDS : "en";
}

function counted(found) {
  if (!found.total) return words.nothing;
  if (found.hits.length && found.total > LIMIT) return found.exact ? words.found_part : words.found_about_part;
  return found.exact ? words.found : words.found_about;
}

function hit(found) {
  const meta = [found.agency ? words.agency : found.category || found.kind, ...found.agencies, ...found.numbers].filter(Boolean).flatMap((word) => ["　", shownWord(word)]).slice(1);
  const day = found.date ? [make("span", { lang: document.documentElement.lang }, dayOf(found.date)), "　"] : [];
  return make("li", { class: "gb-hit", lang: RECORDS },
    make("h2", { class: "gb-hit-head", lang: found.translated ? "en" : RECORDS }, make("a", { href: found.url, class: "gb-hit-title" }, found.title, ...cellOf(found))),
    make("p", { class: "gb-hit-meta" }, ...day, ...meta, ...ending(found)),
    make("p", { class: "gb-hit-text", lang: tongueOf(found.excerpt) }, ...found.excerpt.map((run) => (run.found ? make("mark", {}, run.text) : run.text))),
  );
}

function cellOf({ cell }) {
  return cell ? [make("span", { lang: RECORDS }, ` › ${cell.label}　${cell.value}`)] : [];
}

// A chosen filter, which a press takes away.
function chip(name, label, word, state) {
  const button = make("button", { type: "button", class: "gb-chip" }, `${label}${words.colon}`, shownWord(word), make("span", { "aria-hidden": "true" }, " ×"));
  button.setAttribute("aria-label", say(words.without, { word: names.get(word) ?? word }));
  button.addEventListener("click", () => {
    go({ filters: { ...state.filters, [name]: state.filters[name].filter((other) => other !== word) } }).then(() => toResults("nearest"));
  });
  return make("li", {}, button);
}

function ending(found) {
  const told = ended[found.url.slice(base.href.length)];
  if (!told) return [];
  const element = make("span", { class: "gb-state" });
  Object.assign(element.dataset, told);
  tell(element);
  return [element];
}

function facet(name, label, found, state) {
  const counted = found.facets[name];
  const chosen = state.filters[name];
  if (counted.length < 2 && !chosen.length) return null;
  const offered = [...counted, ...chosen.filter((word) => !counted.some((one) => one.word === word)).map((word) => ({ word, count: found.exact ? 0 : null }))];
  const lines = offered.map(({ word, count }) => {
    const input = make("input", { type: "checkbox", name, value: word, checked: chosen.includes(word) });
    input.addEventListener("change", () => {
      const others = chosen.filter((one) => one !== word);
      go({ filters: { ...asked().filters, [name]: input.checked ? [...others, word] : others } });
    });
    return make("label", { class: "gb-facet-word" }, input, " ", shownWord(word), ...(count === null ? [] : [" ", make("span", { class: "gb-count" }, String(count))]));
  });
  const rest = lines.splice(SHOWN);
  const more = rest.length ? [make("details", {}, make("summary", {}, say(words.more, { count: rest.length })), ...rest)] : [];
  return make("fieldset", { class: "gb-facet" }, make("legend", {}, label), ...lines, ...more);
}

function turning(found, state) {
  const last = Math.max(1, Math.ceil(found.total / LIMIT));
  const link = (page, text, rel) => {
    const anchor = make("a", { href: address({ ...state, page }), rel }, text);
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      go({ ...state, page }).then(() => toResults("start"));
    });
    return anchor;
  };
  const parts = [];
  if (state.page > 1) parts.push(link(state.page - 1, words.before, "prev"));
  if (last > 1) parts.push(make("span", {}, say(words.place, { page: state.page, count: last })));
  if (state.page < last && found.hits.length) parts.push(link(state.page + 1, words.after, "next"));
  return parts.length ? [make("nav", { "aria-label": words.pages }, ...parts)] : [];
}

// Where results lead on: to what of them is new since the last visit, and to a feed.
async function lead(found, { query, filters, ...options }, signal) {
  const lines = [];
  const from = visited && dayAfter(visited);
  if (found.total && options.from < from) {
    const { total } = await index.search(query, { ...options, filters, from, offset: 0, limit: 0 });
    const text = say(total ? words.since_visit : words.none_since, { day: dayOf(visited), count: total });
    lines.push(total ? make("a", { href: address({ query, filters, from, to: "", sort: "newest", page: 1 }) }, text) : text);
  }
  const feed = nearest(feeds, { query, filters }, found.hits);
  if (feed) {
    const [title, place] = feed;
    lines.push(make("a", { href: new URL(place, base).href }, words.follow, make("span", { lang: RECORDS }, title)));
  }
  if (!signal.aborted) follow.replaceChildren(...lines.map((line) => make("p", { class: "gb-follow" }, line)));
}

// What may help: all of the day that was typed, all days, each word alone.
async function help(found, state, { from, to, filters }, signal) {
  const lines = [];
  const offer = (text, changes) => {
    const anchor = make("a", { href: address({ ...state, page: 1, ...changes }) }, text);
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      box.value = changes.query ?? state.query;
      go(changes).then(() => toResults("nearest"));
    });
    lines.push(make("li", {}, anchor));
  };
  const day = await isoDay(state.query);
  if (day) {
    const { total } = await index.search("", { from: day, to: day, limit: 0, signal });
    if (total) offer(say(words.of_day, { day: dayOf(day), count: total }), { query: "", from: day, to: day });
  }
  if ((found.parts || !found.total) && (from || to)) {
    const { total } = await index.search(state.query, { filters, limit: 0, signal });
    if (total) offer(say(words.any_day, { count: total }), { from: "", to: "" });
  }
  if (found.parts) {
    const { likeness } = await import("./search-near.js");
    const near = found.terms.flatMap((term) => found.hits.map(({ title }) => likeness(term, title)));
    for (const word of new Set(near.filter(Boolean).slice(0, 1))) {
      const { total } = await index.search(word, { limit: 0, signal });
      if (total) offer(say(words.of_word, { word, count: total }), { query: word });
    }
  }
  if ((found.parts || !found.total) && found.terms.length > 1) {
    for (const term of found.terms) {
      const { total } = await index.search(term, { limit: 0, signal });
      if (total) offer(say(words.of_word, { word: term, count: total }), { query: term });
    }
  }
  if (!signal.aborted && lines.length) {
    const title = found.total && !found.parts ? words.see_also : words.try;
    offers.replaceChildren(make("p", {}, title), make("ul", { class: "gb-offers" }, ...lines));
  }
}

// ---- keys

function move(event) {
  const links = [...hits.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && (at >= 0 || document.activeElement === box)) links[at + 1]?.focus();
  else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? box).focus();
  else if (event.key === "Escape" && at >= 0) box.focus();
  else if (event.key === "Escape" && document.activeElement === box) {
    box.value = "";
    go({ query: "" }, true);
  } else return;
  event.preventDefault();
}

document.querySelector("#gb-plain").remove();
form.querySelector(".gb-search-options").hidden = false;
box.addEventListener("input", (event) => {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => go({ query: box.value }, true), PAUSE);
});
box.addEventListener("compositionend", () => go({ query: box.value }, true));
for (const name of ["from", "to", "sort"]) {
  form.elements[name].addEventListener("change", (event) => go({ [name]: event.target.value }));
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  go({ query: box.value });
});
document.addEventListener("keydown", move);
addEventListener("popstate", () => {
  box.value = asked().query;
  show();
});
box.value = asked().query;
await show();
if (!asked().query) box.focus();
