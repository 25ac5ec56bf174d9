// Reloads the page when the content changed, and shows what is wrong with it meanwhile.
const INTERVAL = 300; // milliseconds between looks
const KEY = "gongbao-preview-scroll";

const version = Number(new URL(import.meta.url).searchParams.get("version")); // what is shown
let seen = null; // the version at the last look

async function look() {
  const answer = await fetch("/_preview/state", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  if (told.version === seen) return;
  if (told.version !== version && !told.errors.length) return reload();
  show(told);
  seen = told.version;
}

function reload() {
  sessionStorage.setItem(KEY, JSON.stringify([location.pathname, scrollY]));
  location.reload();
}

function show({ errors, heading, codes: [address, words], language }) {
  document.querySelector("#gongbao-preview")?.remove();
  if (!errors.length) return;
  const panel = document.createElement("section");
  panel.id = "gongbao-preview";
  panel.setAttribute("role", "alert");
  panel.lang = language;
  Object.assign(panel.style, {
    position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto",
    background: "#5c1a14", color: "#fff", zIndex: 9999, margin: 0,
    padding: "0.6em 1em", font: "15px/1.6 'Noto Sans CJK TC', system-ui, sans-serif",
    boxShadow: "0 -2px 12px #0006",
  });
  const title = document.createElement("strong");
  title.textContent = heading;
  const list = document.createElement("pre");
  // fixed width, so that the marks stand below what they mark
  Object.assign(list.style, { margin: "0.4em 0 0", whiteSpace: "pre-wrap", font: "15px/1.6 'Noto Sans Mono CJK TC', monospace", color: "inherit", background: "none" });
  list.textContent = errors.join("\n\n");
  panel.append(title, list);
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = words;
    link.style.color = "inherit";
    panel.append(link);
  }
  document.body.append(panel);
}

const [path, place] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
if (path === location.pathname) scrollTo(0, place);
sessionStorage.removeItem(KEY);

await look();
setInterval(look, INTERVAL);
