// Below the search box of a front page: the way straight to what was typed, where that names one
// thing: a document number, an issue, an agency, a figure or a day.  The index is fetched with the
// first key; without it the box is a form that leads to the search page.
import { RECORDS, dayOf, english, say } from "./words.js";

const PAUSE = 250; // milliseconds after a key
const MOST = 5;
const base = new URL("..", import.meta.url);

async function opened() {
  const modules = [import("./search.js"), import("./search-names.js"), import("./search-forms.js")];
  const [{ open }, { namesOf, tableOf }, { isoDay }] = await Promise.all(modules);
  const names = tableOf(base, "names", { words: [], agencies: [] }).then(namesOf);
  return { index: await open(base, names), isoDay };
}

// The links to what a text names: { url, words }.
export async function straightTo(text, { index, isoDay }, says, signal) {
  const ways = [];
  const day = isoDay(text);
  if (day) {
    const { total } = await index.search("", { from: day, to: day, limit: 0, english, signal });
    const url = new URL(`${english ? "en/" : ""}search/?from=${day}&to=${day}`, base);
    if (total) ways.push({ url, words: say(says.ofDay, { day: dayOf(day), count: total }) });
  }
  const key = index.numberKey(text);
  const { hits } = await index.search(text, { limit: MOST, english, signal });
  for (const hit of hits) {
    const named = [hit.title, ...hit.numbers].some((name) => index.numberKey(name) === key);
    if (!(hit.agency || named || hit.cell)) continue;
    ways.push({ url: hit.url, words: worded(hit), lang: hit.translated ? "en" : RECORDS });
  }
  return ways;
}

function worded({ title, cell, numbers }) {
  return cell ? `${title} › ${cell.label}　${cell.value}` : [title, ...numbers].join("　");
}

function show(box, ways, says) {
  if (!ways.length) return box.replaceChildren();
  const title = Object.assign(document.createElement("p"), { textContent: says.there });
  const list = document.createElement("ul");
  for (const { url, words, lang = "" } of ways) {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: words, lang });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  return box.replaceChildren(title, list);
}

for (const form of document.querySelectorAll(".gb-hero-search")) {
  const says = form.dataset;
  const [input, box] = [form.querySelector("[type=search]"), form.querySelector(".gb-straight")];
  let search, running, timer;
  const answer = async () => {
    running?.abort();
    running = new AbortController();
    const { signal } = running, text = input.value.trim();
    if (!text) return show(box, [], says);
    search ??= opened().catch((fault) => { search = undefined; throw fault; }); // the next key tries anew
    try {
      const ways = await straightTo(text, await search, says, signal);
      if (!signal.aborted) show(box, ways, says);
    } catch {
      if (!signal.aborted) show(box, [], says);
    }
    return undefined;
  };
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(answer, PAUSE);
  });
  input.addEventListener("compositionend", answer);
  if (input.value) answer(); // typed before this script came
}
