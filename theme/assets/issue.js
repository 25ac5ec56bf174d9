// Prints an issue as one document: cover and contents as they stand, then every entry whole.
// The entries are fetched when somebody prints; no page has to be kept twice for that.
const button = document.querySelector("[data-print-issue]");
const status = document.querySelector("#gb-print-status");
const links = [...document.querySelectorAll(".gb-issue .gb-row-title")];

async function entry(link) {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(`${answer.status} ${link.href}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const article = page.querySelector("article");
  for (const part of article.querySelectorAll(".gb-contents, .gb-cite, .gb-seal, .gb-follow, .gb-related, .gb-words, button")) part.remove();
  for (const named of article.querySelectorAll("[id]")) named.removeAttribute("id");
  const whole = (address) => new URL(address, link.href).href;
  for (const linked of article.querySelectorAll("a[href]")) linked.href = whole(linked.getAttribute("href"));
  for (const image of article.querySelectorAll("img")) {
    image.src = whole(image.getAttribute("src"));
    image.srcset = image.srcset.replace(/(\S+)( \d+w)/gu, (_, address, width) => whole(address) + width);
  }
  article.classList.add("gb-bound");
  return document.adoptNode(article);
}

let bound = null;
async function bind() {
  const articles = await Promise.all(links.map(entry));
  bound = document.createElement("div");
  bound.className = "gb gb-entry gb-binding";
  bound.append(...articles);
  document.querySelector("main").append(bound);
}

async function print() {
  status.textContent = "準備中……";
  try {
    if (!bound) await bind();
    await Promise.all([...bound.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
    status.textContent = "";
    window.print();
  } catch {
    status.textContent = "無法取得全部內容，請稍後再試。";
  }
}

button.hidden = false;
// a second click while the first is under way is the same wish
let printing = null;
button.addEventListener("click", () => {
  printing ??= print().finally(() => { printing = null; });
});
