// 宜商通 · the palette beyond finding, after yishang.js: Tab shows what can be done with a row; ? shows the keys; #log opens the
// one-line log. What Chromium 86 has.
(function () {
  "use strict";

  const page = document;
  const { one, all, show } = window.yishang;

  function showVerbs(event) {
    const rows = all("#palette .rows [data-row]");
    const row = rows.find((other) => other.getAttribute("aria-selected") === "true") || rows[0];
    if (!row || !row.dataset.verbs || !window.htmx) return;
    event.preventDefault();
    htmx.ajax("GET", row.dataset.verbs, { target: "#palette .rows", swap: "innerHTML" });
  }

  page.addEventListener("keydown", (event) => {
    if (event.target.id === "find-q" && event.key === "Tab" && !event.shiftKey && !event.isComposing) showVerbs(event);
  });

  page.addEventListener("shortcut", (event) => {
    if (event.detail !== "?" || !one("#keys")) return;
    show(one("#keys"));
    event.preventDefault();
  });

  if (location.hash === "#log") {
    const log = one("main [data-log]");
    if (log) page.addEventListener("DOMContentLoaded", () => log.click());
  }
})();
