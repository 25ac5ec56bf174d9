// Looks up a document: by its number in the search index, or by year, issue and page.
import { open } from "./search.js";
import { RECORDS, say, wordsOf } from "./words.js";

const base = new URL("..", import.meta.url);
const byNumber = document.querySelector("#gb-number");
const byPage = document.querySelector("#gb-cite");
const answer = document.querySelector("#gb-answer");
const lack = document.querySelector("#gb-lack");
const MOST = 50;
const words = wordsOf(byNumber);

// What is said stands below the form that was used.
function told(text, hits = [], form = byPage) {
  if (form.nextElementSibling !== answer) form.after(answer);
  answer.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
  if (!hits.length) return;
  const list = document.createElement("ul");
  for (const hit of hits) {
    const link = Object.assign(document.createElement("a"), { href: new URL(hit.url, base), textContent: hit.title });
    const row = document.createElement("li");
    row.lang = RECORDS;
    row.append(link, `　${hit.numbers?.join("、") ?? ""}`);
    list.append(row);
  }
  answer.append(list);
}

// The search, which finds numbers that stand in texts as well.
function offerSearch(number) {
  const [before, after] = words.search.split("{number}");
  const link = Object.assign(document.createElement("a"), { href: `${byNumber.action}?${new URLSearchParams({ q: number })}` });
  link.append(before, Object.assign(document.createElement("span"), { lang: RECORDS, textContent: number }), after);
  const line = document.createElement("p");
  line.append(link);
  answer.append(line);
}

// One document with just this number is gone to at once; of several the reader chooses.
async function lookUp(number, go) {
  told(words.busy, [], byNumber);
  const index = await open(base);
  const key = index.numberKey(number);
  const { hits } = await index.search(number, { limit: MOST });
  const same = hits.filter((hit) => hit.numbers.some((held) => index.numberKey(held) === key));
  if (same.length === 1) await go(new URL(same[0].url, base));
  else if (same.length) told(say(words.several, { count: same.length }), same, byNumber);
  else {
    told(hits.length ? words.similar : words.no_number, hits.slice(0, 5), byNumber);
    offerSearch(number);
  }
}

async function turnTo({ year, series, issue, page }, go) {
  const { address, printed, width, yearWidth } = byPage.dataset;
  const volume = String(Number(year) > 1911 ? Number(year) - 1911 : Number(year));
  const number = String(Number(issue)).padStart(Number(width), "0");
  const id = [volume.padStart(Number(yearWidth), "0"), series, number].filter(Boolean).join("-");
  const folder = new URL(say(address, { volume, issue: id }), base);
  told(words.busy);
  if (!page) {
    const there = await fetch(folder, { method: "HEAD" });
    return there.ok ? go(folder) : told(words.no_issue);
  }
  const found = await fetch(new URL(printed, folder));
  if (!found.ok) return told(words.no_pages);
  const { entries } = await found.json();
  const held = entries.filter(({ first, last }) => Number(first) <= page && page <= Number(last));
  const hits = held.map((entry) => ({ url: new URL(`${entry.number}/`, folder), title: entry.title }));
  if (hits.length === 1) return go(hits[0].url);
  return told(hits.length ? say(words.on_page, { page, count: hits.length }) : words.no_page, hits);
}

function place(fields) {
  const typed = (name) => (fields.get(name) ?? "").normalize("NFKC").trim();
  return { year: typed("year"), series: typed("series"), issue: typed("issue"), page: Number(typed("page")) };
}

// Visitors are better served by the page in English, where there is one.
async function preferred(url) {
  const { home } = byPage.dataset; // where pages in the reader's language lie: "" for Chinese
  if (!home) return url;
  const own = new URL(home + url.href.slice(base.href.length), base);
  return (await fetch(own, { method: "HEAD" })).ok ? own : url;
}

const follow = async (url) => location.assign(await preferred(url));
const failed = (form) => () => told(words.failed, [], form);

// Says in the page which fields still want something; the browser goes to the first of them.
function tellLacking() {
  const lacking = [...byPage.elements].filter((field) => field.willValidate && !field.validity.valid);
  const names = lacking.map((field) => field.labels[0].firstChild.textContent.trim());
  lack.textContent = names.length ? say(words.lacking, { names: names.join(words.join) }) : "";
  lack.hidden = !names.length;
  for (const field of byPage.querySelectorAll("[required]")) field.setAttribute("aria-invalid", lacking.includes(field));
}

document.querySelector("#gb-plain").hidden = true;
byPage.addEventListener("invalid", tellLacking, true);
byPage.addEventListener("input", () => lack.hidden || tellLacking());
byNumber.addEventListener("submit", (event) => {
  event.preventDefault();
  const number = new FormData(byNumber).get("q").trim();
  if (number) lookUp(number, follow).catch(failed(byNumber));
});
byPage.addEventListener("submit", (event) => {
  event.preventDefault();
  turnTo(place(new FormData(byPage)), follow).catch(failed(byPage));
});

const asked = new URLSearchParams(location.search);
const replace = async (url) => location.replace(await preferred(url));
if (asked.get("n")) {
  byNumber.elements.q.value = asked.get("n");
  lookUp(asked.get("n"), replace).catch(failed(byNumber));
} else if (asked.get("year")) {
  for (const field of byPage.querySelectorAll("[name]")) field.value = asked.get(field.name) ?? "";
  turnTo(place(asked), replace).catch(failed(byPage));
}
