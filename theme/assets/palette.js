// Light or dark before the first paint, so this one is no module.  A choice that differs from
// the system's is kept; one that agrees with it is forgotten, and the system is followed again.
{
  const KEY = "gongbao-shade";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const kept = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const keep = (shade) => { try { shade ? localStorage.setItem(KEY, shade) : localStorage.removeItem(KEY); } catch { /* for this page only */ } };
  const wished = () => (system.matches ? "dark" : "light");
  let chosen = kept();

  const show = () => {
    if (chosen === "dark" || chosen === "light") root.dataset.shade = chosen;
    else delete root.dataset.shade;
    const button = document.querySelector(".gb-shade");
    if (!button) return;
    button.hidden = false;
    const other = (root.dataset.shade ?? wished()) === "dark" ? "light" : "dark";
    button.textContent = button.dataset[other];
    button.title = button.dataset[`${other}Title`];
  };
  const turn = () => {
    const other = (root.dataset.shade ?? wished()) === "dark" ? "light" : "dark";
    chosen = other === wished() ? null : other;
    keep(chosen);
    show();
  };

  show();
  system.addEventListener("change", show);
  addEventListener("storage", (event) => { if (event.key === KEY) { chosen = event.newValue; show(); } });
  addEventListener("DOMContentLoaded", () => {
    show();
    document.querySelector(".gb-shade")?.addEventListener("click", turn);
  });
}
