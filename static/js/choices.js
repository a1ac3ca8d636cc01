// 宜商通 · choosing between records, where the chosen cell fills the result beside it; and a file dropped on its field.
(function () {
  "use strict";

  const page = document;
  const { one, all } = window.yishang;

  page.addEventListener("change", (event) => {
    const mark = event.target;
    if (!mark.matches("[data-choice] input[type=radio]")) return;
    const row = mark.closest("[data-choice]");
    all("td.take", row).forEach((cell) => cell.classList.remove("take"));
    mark.closest("td").classList.add("take");
    const values = mark.dataset.values ? JSON.parse(mark.dataset.values) : {};
    for (const name of Object.keys(values)) {
      const field = page.getElementById(name);
      if (!field) continue;
      if (field.type === "checkbox") field.checked = values[name] === true;
      else field.value = values[name];
    }
  });

  const choices = () => all("[data-choice]").filter((row) => row.offsetParent);

  function choose(number) {
    const row = page.activeElement.closest("[data-choice]") || choices()[0];
    const cell = row && all("td:not(.res)", row)[number - 1];
    const mark = cell && one("input[type=radio]", cell);
    if (!mark) return false;
    mark.focus();
    mark.click();
    return true;
  }

  function nextChoice(step) {
    const rows = choices();
    if (!rows.length) return false;
    const at = rows.indexOf(page.activeElement.closest("[data-choice]"));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    const mark = one("input[type=radio]:checked", row) || one("input[type=radio], input, select", row);
    if (mark) mark.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  }

  // 1 to 4 choose, the arrows go on.
  page.addEventListener("shortcut", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.detail];
    if (/^[1-4]$/.test(event.detail) ? choose(Number(event.detail)) : step && nextChoice(step)) event.preventDefault();
  });

  // ---- a file dropped on its field ----

  const stop = (event) => event.preventDefault();
  function readyDrop(zone) {
    const field = one("input[type=file]", zone);
    const name = () => { one("[data-chosen]", zone).textContent = Array.from(field.files, (file) => file.name).join("、"); };
    field.addEventListener("change", name);
    ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, (event) => { stop(event); zone.classList.add("over"); }));
    ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.remove("over")));
    zone.addEventListener("drop", (event) => { stop(event); field.files = event.dataTransfer.files; name(); });
  }

  all("[data-drop]").forEach(readyDrop);
})();
