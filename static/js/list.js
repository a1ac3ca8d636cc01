// 宜商通 · the people list by keyboard and in place, after yishang.js: cells, what a key does to the row in hand, all that match.
// Hears `shortcut` before anybody acts on a key. What Chromium 86 has.
(function () {
  "use strict";

  const page = document;
  const { one, all } = window.yishang;
  const inHand = () => one(".ledger tr.on[data-id]");
  const picked = () => all("input[form=bulk][name=id]:checked").length;

  // ---- a cell edited in place: e, a double click; Enter saves, Escape leaves it as it was ----

  const cellsOf = (row) => all("[data-cell]", row).filter((cell) => cell.offsetParent);

  function addressOf(cell) {
    return `/people/${cell.closest("[data-id]").dataset.id}/cells/${cell.dataset.cell}`;
  }

  function editCell(cell) {
    if (!cell || !window.htmx || one("form", cell)) return false;
    htmx.ajax("GET", addressOf(cell), { target: cell, swap: "outerHTML" });
    return true;
  }

  function leaveCell(cell) {
    htmx.ajax("GET", `${addressOf(cell)}/shown`, { target: cell, swap: "outerHTML" });
  }

  function pointAt(row, step) {
    const cells = cellsOf(row);
    if (!cells.length) return false;
    const at = cells.findIndex((cell) => cell.classList.contains("at"));
    cells.forEach((cell) => cell.classList.remove("at"));
    cells[Math.max(0, Math.min(cells.length - 1, at < 0 ? (step > 0 ? 0 : cells.length - 1) : at + step))].classList.add("at");
    return true;
  }

  page.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && !event.target.closest("a, form")) editCell(cell);
  });

  page.addEventListener("htmx:afterSettle", (event) => {
    const cell = event.detail.elt;
    if (!cell || !cell.matches || !cell.matches("[data-cell]")) return;
    const form = one("form", cell);
    const to = one(form ? "[autofocus]" : "a.name", form || cell.closest("[data-id]"));
    if (to) to.focus();
    if (form && to && to.select) to.select();
  });

  // ---- the panel beside the list ----

  page.addEventListener("click", (event) => {
    const back = event.target.closest("[data-cell-back]");
    if (back) leaveCell(back.closest("[data-cell]"));
    if (event.ctrlKey || event.metaKey || !event.target.closest("#panel [data-close-panel]")) return;
    event.preventDefault(); // the list stays as it is; without script the link leads to it
    one("#panel").textContent = "";
    const link = inHand() && one("a.name", inHand());
    if (link) link.focus();
  });

  // t, i and the like on a row: the panel knows where they lead.
  function pressInPanel(row, key) {
    const table = row.closest("[data-keys]");
    const link = one("a[data-panel]", row);
    if (!table || !link || !table.dataset.keys.includes(key) || !matchMedia("(min-width:1101px)").matches) return false;
    const open = one("#panel [data-person]");
    const press = () => { const to = one(`#panel [data-key="${key}"]`); if (to) to.click(); };
    if (open && open.dataset.person === row.dataset.id) { press(); return true; }
    page.addEventListener("htmx:afterSettle", function come(event) {
      if (event.target.id !== "panel") return;
      page.removeEventListener("htmx:afterSettle", come);
      press();
    });
    link.click();
    return true;
  }

  // The one-line log means the person whose record is open; with none open, the row in hand.
  function meanRow(row) {
    all("tr[data-person]").forEach((other) => other.removeAttribute("data-person"));
    if (!row || one("#panel [data-person]")) return;
    row.dataset.person = row.dataset.id;
    row.dataset.personName = one("a.name", row).textContent.trim();
  }

  // ---- selection ----

  // Ticked rows go by their numbers; all that match, by the conditions of the list. Never both.
  page.addEventListener("submit", (event) => {
    const form = event.target;
    const matching = form.matches("#bulk") && one("[data-matching]", form); // form.id is the ticked boxes
    if (!matching) return;
    matching.disabled = !matching.value;
    all("[data-with-matching]", form).forEach((field) => { field.disabled = !matching.value; });
    if (matching.value) all("input[form=bulk][name=id]:checked").forEach((box) => { box.checked = false; });
  });

  // What means something for a few only is offered for a few only; the server says the same to whoever asks otherwise.
  function offerFew() {
    const matching = one("#bulk [data-matching]");
    const n = picked();
    all("#bulk [data-few]").forEach((button) => { button.hidden = n < 2 || n > 4 || (matching && matching.value === "1"); });
  }

  ["change", "click"].forEach((kind) => page.addEventListener(kind, () => setTimeout(offerFew)));
  page.addEventListener("htmx:afterSettle", offerFew);
  offerFew();

  function tagPicked(row) {
    const act = one('#bulk [data-key="a"]');
    const box = row && one("input[form=bulk][name=id]", row);
    if (!act) return false;
    if (box && !picked()) box.click();
    if (!picked()) return false;
    act.click();
    return true;
  }

  // ---- keys ----

  function answers(key) {
    const row = inHand();
    switch (key) {
      case "e": return !!row && editCell(one("[data-cell].at", row) || cellsOf(row)[0]);
      case "ArrowRight": return !!row && pointAt(row, 1);
      case "ArrowLeft": return !!row && pointAt(row, -1);
      case "a": return tagPicked(row);
      case "l": case "L": if (one("table[data-keys]")) meanRow(row); return false;
      default: return !!row && /^[a-z]$/.test(key) && pressInPanel(row, key);
    }
  }

  page.addEventListener("shortcut", (event) => { if (answers(event.detail)) event.preventDefault(); }, true);

  page.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Escape" || !event.target.closest("[data-cell-form]")) return;
    event.preventDefault();
    leaveCell(event.target.closest("[data-cell]"));
  }, true);
})();
