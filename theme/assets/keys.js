// A slash puts the cursor into the search box.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  (document.querySelector("#gb-query, #gb-home-query") ?? document.querySelector("#gb-box"))?.focus();
});
