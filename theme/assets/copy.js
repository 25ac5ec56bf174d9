// Buttons that copy: `data-copy` names an element by "#id", or holds the text itself.  They stand
// hidden in the page, since without scripts they would do nothing.
import { english } from "./words.js";

const SHOWN = 2000; // milliseconds for which a button says that it has copied
const [DONE, FAILED] = english ? ["Copied", "Please select and copy"] : ["已複製", "請自行選取複製"];

function wanted(button) {
  const named = button.dataset.copy;
  return named.startsWith("#") ? (document.getElementById(named.slice(1))?.innerText ?? "").trim() : named;
}

async function copy(button) {
  const words = (button.dataset.name ??= button.textContent); // a second press finds "已複製"
  const done = await navigator.clipboard.writeText(wanted(button)).then(() => true, () => false);
  button.textContent = done ? DONE : FAILED;
  setTimeout(() => { button.textContent = words; }, SHOWN);
}

const said = Object.assign(document.createElement("p"), { className: "gb-unseen" });
said.setAttribute("role", "status");
document.querySelector("main").append(said);
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button).then(() => { said.textContent = button.textContent; }));
}
