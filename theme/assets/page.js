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
