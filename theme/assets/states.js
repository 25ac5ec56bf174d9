// States that depend on the day, as they are on the reader's day in Taiwan and not on the day of
// the build.  `data-from` and `data-to` are the first and the last day, either may be missing;
// `data-words` are what to say before, from and, after the last day, separated by "|".
const DAY = 86_400_000;

export function today(now = new Date()) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Taipei" }).format(now);
}

export function stateOn(day, { from = "", to = "" }) {
  if (from && day < from) return 0;
  return to && day > to ? 2 : 1;
}

function left(day, to) {
  const days = (Date.parse(to) - Date.parse(day)) / DAY;
  return days === 0 ? "（今日截止）" : `（還有 ${days} 日）`;
}

for (const element of document.querySelectorAll("[data-words]")) {
  const { from, to, words } = element.dataset;
  const day = today();
  const state = stateOn(day, { from, to });
  element.textContent = words.split("|")[state] + (state === 1 && to ? left(day, to) : "");
  element.dataset.day = day;
  element.dataset.state = ["before", "on", "after"][state];
}
