// Words of a page's scripts, which its form brings along in the page's language (`data-says`).
export const english = document.documentElement.lang.startsWith("en");
export const RECORDS = "zh-Hant-TW"; // the language of what comes out of records

export const wordsOf = (form) => JSON.parse(form.dataset.says);

// "{count} found" with the values in the places that they name.
export function say(text, values) {
  return text.replace(/\{(\w+)\}/gu, (_, name) => values[name]);
}

// A day in ISO form as the page's readers write it.
export function dayOf(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  if (!english) return `${year - 1911}年${month}月${day}日`;
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(iso).toLocaleDateString("en-GB", parts);
}
