// A box that finds lines of a page's lists: those that have all words typed stay.
import { say } from "./words.js";

const form = document.querySelector("#gb-find");
const box = form.querySelector("input");
const status = form.querySelector("[role=status]");
const sections = [...document.querySelectorAll("section[data-find]")];

const plain = (text) => text.normalize("NFKC").toLowerCase();

function find() {
  const words = plain(box.value).split(/\s+/u).filter(Boolean);
  let count = 0;
  for (const section of sections) {
    let some = false;
    for (const line of section.querySelectorAll("li")) {
      const text = plain(line.textContent);
      line.hidden = !words.every((word) => text.includes(word));
      if (!line.hidden) { some = true; count += 1; }
    }
    section.hidden = !some;
  }
  status.textContent = words.length ? say(form.dataset.says, { count }) : "";
}

form.hidden = false;
box.addEventListener("input", (event) => { if (!event.isComposing) find(); });
box.addEventListener("compositionend", find);
if (box.value) find(); // the browser kept what was typed
