// A cited number opens where it stands: its row of the table and the proof, taken from the page that
// it links to.  Closing leads back to the number.  Where that page cannot be read, the link is followed.
import { english } from "./words.js";

const WORDS = english
  ? { name: "Where this number is from", leave: "Open the page of the figures", back: "Back to the text" }
  : { name: "數字的出處", leave: "開啟統計頁", back: "回到內文" };

const box = Object.assign(document.createElement("div"), { className: "gb-opened", popover: "auto", tabIndex: -1 });
box.setAttribute("role", "dialog");
box.setAttribute("aria-modal", "true");
box.setAttribute("aria-label", WORDS.name);
document.querySelector(".gb-report").append(box);

const made = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A part of the other page, with its links made whole and without its ids.
function taken(part, from) {
  const copy = document.importNode(part, true);
  for (const element of [copy, ...copy.querySelectorAll("[id], a[href]")]) {
    element.removeAttribute("id");
    if (element.hasAttribute("href")) element.href = new URL(element.getAttribute("href"), from);
  }
  return copy;
}

function rowOf(cell, from) {
  const row = cell.closest("tr");
  if (!row) return made("p", {}, cell.closest("div")?.querySelector("dt")?.textContent ?? "", "：", cell.textContent.trim());
  const table = row.closest("table");
  const copy = taken(row, from);
  copy.cells[cell.cellIndex].classList.add("gb-meant");
  const parts = [table.tHead && taken(table.tHead, from), made("tbody", {}, copy)];
  const head = made("caption", { textContent: table.caption?.textContent ?? "" });
  return made("div", { className: "gb-table", tabIndex: 0 }, made("table", { className: "gb-grid" }, head, ...parts.filter(Boolean)));
}

function proofsOf(page, hash, from) {
  const named = (item) => new URL(item.querySelector("a").getAttribute("href"), from).hash === hash;
  const proofs = [...page.querySelectorAll(".gb-proofs li")].filter(named);
  return proofs.length ? [made("ul", { className: "gb-proofs" }, ...proofs.map((item) => taken(item, from)))] : [];
}

async function contentOf(link) {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(answer.status);
  const { hash } = new URL(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const cell = hash && page.getElementById(decodeURIComponent(hash.slice(1)));
  const close = made("button", { type: "button", textContent: WORDS.back, onclick: () => box.hidePopover() });
  return [
    made("p", {}, made("strong", { textContent: link.innerText.trim() }), " ", link.title),
    ...(cell ? [rowOf(cell, link.href), ...proofsOf(page, hash, link.href)] : []),
    made("p", {}, close, " ", made("a", { href: link.href, textContent: WORDS.leave })),
  ];
}

// The focus stays in the dialog until it is closed: after its last stop comes the first again.
box.addEventListener("keydown", (event) => {
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll("a[href], button, [tabindex='0']")];
  const [first, last] = [stops[0], stops.at(-1)];
  const [ends, start] = event.shiftKey ? [[box, first], last] : [[last], first];
  if (!ends.includes(document.activeElement)) return;
  event.preventDefault();
  start.focus();
});

function place(link) {
  const { left, bottom } = link.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - box.offsetHeight - 8))}px`;
}

async function open(link) {
  try {
    box.replaceChildren(...(await contentOf(link)));
  } catch {
    location.assign(link.href);
    return;
  }
  box.showPopover();
  place(link);
  box.focus();
  box.ontoggle = ({ newState }) => { if (newState === "closed") link.focus({ preventScroll: true }); };
}

for (const link of "popover" in box ? document.querySelectorAll(".gb-cited a") : []) {
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
}

// The contents stay at the top of a phone's window: they fold when they have led somewhere.
const contents = document.querySelector("details.gb-contents");
contents?.addEventListener("click", ({ target }) => { if (target.closest("a")) contents.open = false; });
