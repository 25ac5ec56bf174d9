// What a page may need of scripts, each fetched only where there is something for it to do.
import "./keys.js";

const helps = (selector) => document.querySelector(selector);
if (helps("[data-words], [data-gone], .gb-timeline, [data-site-day]")) import("./states.js");
if (helps("[data-copy]")) import("./copy.js");
if (helps(".gb-table, .gb-prose > table")) import("./tables.js");
if (helps("#gb-find")) import("./find.js");
if (helps(".gb-hero-search")) import("./straight.js");
if (helps("[data-print-issue]")) import("./issue.js");
if (helps(".gb-report .gb-cited")) import("./sources.js");

// Beside the text of a document its contents and record are never folded: no key should stop there.
const beside = document.querySelectorAll(".gb-entry :is(.gb-contents, .gb-record)");
const wide = matchMedia("(min-width: 1000px)");
const unfold = () => {
  for (const part of beside) {
    part.open = wide.matches;
    part.querySelector("summary").inert = wide.matches;
  }
};
unfold();
wide.addEventListener("change", unfold);
