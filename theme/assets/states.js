// States that depend on the day, as they are on the reader's day in Taiwan and not on the day of
// the build.  `data-words` are what to say, separated by "|".  Either `data-from` and `data-to` are
// the first and the last day of the second of three states (either may be missing), or each of
// `data-days` is the first day of the next word, and `data-looks` says how each word looks.
// Of the days in `data-passed` the number is told that have come.
// `data-left` and `data-last` are what is said of the days that are left, and of the last one.
const DAY = 86_400_000;

export function today(now = new Date()) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Taipei" }).format(now);
}

function rocDay(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${year - 1911}年${month}月${day}日`;
}

export function stateOn(day, { from = "", to = "", days }) {
  if (days !== undefined) return days.split(" ").filter((first) => first && first <= day).length;
  if (from && day < from) return 0;
  return to && day > to ? 2 : 1;
}

function leftOn(day, { to, left, last }) {
  const days = (Date.parse(to) - Date.parse(day)) / DAY;
  return days === 0 ? last : left.replace("{days}", days);
}

export function tell(element) {
  const { to, words, looks = "before on after" } = element.dataset;
  const day = today();
  const state = stateOn(day, element.dataset);
  element.textContent = words.split("|")[state] + (state === 1 && to ? leftOn(day, element.dataset) : "");
  element.dataset.day = day;
  element.dataset.rocDay = rocDay(day);
  element.dataset.state = looks.split(" ")[state];
}

// The last day of a timeline that has come, on the reader's day.
export function mark(timeline) {
  const day = today();
  const come = [...timeline.children].filter(({ dataset }) => dataset.day && dataset.day <= day);
  for (const line of timeline.children) line.toggleAttribute("aria-current", false);
  come.at(-1)?.setAttribute("aria-current", "step");
}

// Takes lines off a list from the day on that each names, and a list without a line with its title.
export function leave(lines) {
  const day = today();
  for (const line of lines) line.hidden = line.dataset.gone <= day;
  for (const list of document.querySelectorAll("[data-lines]")) {
    list.hidden = !list.querySelector("[data-gone]:not([hidden])");
  }
}

// The day for which the site speaks, where nothing else is known: no page could state it, as each
// would be a new page each day.
async function tellSiteDay(elements) {
  if (!elements.length) return;
  const answer = await fetch(new URL("../status.json", import.meta.url));
  if (!answer.ok) return;
  const words = rocDay((await answer.json()).as_of);
  for (const element of elements) element.textContent = element.dataset.siteDay.replace("{day}", words);
}

for (const element of document.querySelectorAll("[data-words]")) tell(element);
for (const element of document.querySelectorAll("[data-passed]")) {
  element.textContent = stateOn(today(), { days: element.dataset.passed });
}
for (const timeline of document.querySelectorAll(".gb-timeline")) mark(timeline);
leave(document.querySelectorAll("[data-gone]"));
tellSiteDay(document.querySelectorAll("[data-site-day]")).catch(() => {});
