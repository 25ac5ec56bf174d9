// What leads on from results: the feed that is nearest to them, and what is new since the reader's
// last visit.  The day of the last visit stays in the browser; nothing is sent.
import { today } from "./states.js";

const VISIT = "gongbao-visit";
const DAY = 86_400_000;

// The day of the visit before today's, in ISO form; "" for a first visit, or where nothing is kept.
// Within a day it stays the same, so that a reader can go back and forth.
export function lastVisit(now = today()) {
  try {
    const { day = "", before = "" } = JSON.parse(localStorage.getItem(VISIT) ?? "{}");
    if (day === now) return before;
    localStorage.setItem(VISIT, JSON.stringify({ day: now, before: day }));
    return day;
  } catch { // no storage, or somebody else's words in it
    return "";
  }
}

export function dayAfter(day) {
  return new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
}

// The title and address of a feed: of what was chosen, else of what was typed, else of what all
// hits have in common, else of the whole site.
export function nearest(feeds, { query, filters }, hits) {
  const common = (name) => (new Set(hits.map((hit) => hit[name])).size === 1 ? hits[0][name] : "");
  const words = [...filters.agency, ...filters.category, ...filters.kind, query.trim(), common("category"), common("kind"), ""];
  return feeds[words.find((word) => Object.hasOwn(feeds, word))];
}
