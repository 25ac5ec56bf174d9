// A table that fits its page needs no box to scroll in and no stop of the Tab key: its head then
// stays at the top of the window.  One that is wider keeps both.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const fits = target.scrollWidth <= target.clientWidth + 1;
    target.classList.toggle("gb-fits", fits);
    if (fits) target.removeAttribute("tabindex");
    else target.tabIndex = 0;
  }
});
for (const table of document.querySelectorAll(".gb-table, .gb-prose > table")) watcher.observe(table);
