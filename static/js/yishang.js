// 宜商通 · staff pages. Everything here makes forms and links that already work smoother: keys, palette, panel, selection,
// one-line log with its draft, toasts. ES2019 and what Chromium 86 has; no inline script, no framework beside htmx.
(function () {
  "use strict";

  const page = document;
  const one = (selector, within) => (within || page).querySelector(selector);
  const all = (selector, within) => Array.from((within || page).querySelectorAll(selector));
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  page.documentElement.classList.add("js");

  // ---- toasts: what an answer said beside its fragment ----

  function toast(said) {
    const place = one("#toasts");
    if (!place || !said.text) return;
    const box = page.createElement("div");
    box.className = "toast" + (said.kind === "late" ? " late" : "");
    const text = page.createElement("span");
    text.textContent = said.text;
    box.append(text);
    if (said.undo) box.append(undoForm(said.undo, place.dataset.undo));
    const close = page.createElement("button");
    close.className = "btn";
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", place.dataset.close);
    close.addEventListener("click", () => box.remove());
    box.append(close);
    place.append(box);
    while (place.children.length > 3) place.firstElementChild.remove();
    if (said.kind !== "late") setTimeout(() => { if (!box.matches(":hover, :focus-within")) box.remove(); }, said.undo ? 12000 : 6000);
  }

  function undoForm(address, label) {
    const form = page.createElement("form");
    form.method = "post";
    form.action = address;
    const button = page.createElement("button");
    button.className = "link";
    button.textContent = label;
    form.append(hiddenField("csrf_token", one("meta[name=csrf-token]").content), button);
    return form;
  }

  page.addEventListener("toast", (event) => toast(event.detail));

  // ---- htmx: whole pages are followed, failures are said, focus is kept ----

  const isWholePage = (text) => /^\s*<!doctype/i.test(text);

  page.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (!isWholePage(xhr.responseText) || target === page.body) return;
    event.detail.shouldSwap = false; // a fragment was asked for and a page came: signed out, or the form was redirected
    if (xhr.status < 400) location.assign(xhr.responseURL);
    else sayFailure(xhr);
  });

  function sayFailure(xhr) {
    if (/"toast"/.test(xhr.getResponseHeader("HX-Trigger") || "")) return;
    const words = one("#toasts").dataset;
    const by = { 403: words.refused, 404: words.gone, 429: words.slow };
    toast({ text: by[xhr.status] || words.failed, kind: "late" });
  }

  page.addEventListener("htmx:responseError", (event) => sayFailure(event.detail.xhr));
  page.addEventListener("htmx:sendError", () => toast({ text: one("#toasts").dataset.offline, kind: "late" }));
  page.addEventListener("htmx:timeout", () => toast({ text: one("#toasts").dataset.offline, kind: "late" }));

  let waiting = 0;
  page.addEventListener("htmx:beforeRequest", () => { waiting += 1; page.body.classList.add("busy"); });
  page.addEventListener("htmx:afterRequest", () => { waiting = Math.max(0, waiting - 1); page.body.classList.toggle("busy", waiting > 0); });

  page.addEventListener("htmx:afterSettle", (event) => {
    const come = event.detail.elt;
    if (!come || !come.querySelector || come.closest(".got, .rows")) return;
    const lost = page.activeElement === page.body || !page.activeElement;
    const to = one("[aria-invalid=true]", come) || one("[autofocus]", come) || (come.matches("[data-focus]") ? come : one("[data-focus]", come));
    if (to && (lost || to.matches("[aria-invalid=true], [data-focus]"))) to.focus();
    restoreDrafts(come.parentElement || come);
    showPicked();
  });

  // ---- rows: j k move, x selects, Enter opens, e edits; the row in hand is the one that has the focus ----

  const rowsOf = () => all(".ledger tr[data-id], .mail[data-id], .card[data-id]").filter((row) => row.offsetParent && !row.closest(".panel, dialog"));
  let inHand = null;
  let lastTicked = null;
  let opening = 0;

  const linkOf = (row) => one("[data-open]", row) || one("a.name", row) || one("a[href]", row) || row;

  function take(row) {
    if (inHand) inHand.classList.remove("on");
    inHand = row;
    row.classList.add("on");
    const link = linkOf(row);
    if (link === row && !row.hasAttribute("tabindex") && row.tagName !== "A") row.tabIndex = -1;
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(opening);
    if (one("#panel [data-close-panel]") && link.dataset.panel) opening = setTimeout(() => openPanel(link), 120);
  }

  function move(step) {
    const rows = rowsOf();
    if (!rows.length) return;
    const marked = inHand && rows.includes(inHand) ? inHand : rows.find((row) => row.classList.contains("on") || row.contains(page.activeElement));
    const at = marked ? rows.indexOf(marked) + step : step > 0 ? 0 : rows.length - 1;
    take(rows[Math.max(0, Math.min(rows.length - 1, at))]);
  }

  function tick(row, upTo) {
    const box = row && one("input[type=checkbox]", row);
    if (!box) return;
    box.checked = !box.checked;
    if (upTo && lastTicked) range(lastTicked, row, box.checked);
    lastTicked = row;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function range(from, to, checked) {
    const rows = rowsOf();
    const ends = [rows.indexOf(from), rows.indexOf(to)].sort((a, b) => a - b);
    if (ends[0] < 0) return;
    for (const row of rows.slice(ends[0], ends[1] + 1)) {
      const box = one("input[type=checkbox]", row);
      if (box) box.checked = checked;
    }
  }

  // ---- a cell edited in place: e, a double click; Enter saves, Escape leaves it as it was ----

  const cellsOf = (row) => all("[data-cell]", row).filter((cell) => cell.offsetParent);

  function editCell(cell) {
    const row = cell && cell.closest("[data-id]");
    if (!row || !window.htmx || one("form", cell)) return false;
    htmx.ajax("GET", `/people/${row.dataset.id}/cells/${cell.dataset.cell}`, { target: cell, swap: "outerHTML" });
    return true;
  }

  function leaveCell(cell) {
    const row = cell.closest("[data-id]");
    htmx.ajax("GET", `/people/${row.dataset.id}/cells/${cell.dataset.cell}/shown`, { target: cell, swap: "outerHTML" });
  }

  function pointAt(row, step) {
    const cells = cellsOf(row);
    if (!cells.length) return;
    const at = cells.findIndex((cell) => cell.classList.contains("at"));
    cells.forEach((cell) => cell.classList.remove("at"));
    cells[Math.max(0, Math.min(cells.length - 1, at < 0 ? (step > 0 ? 0 : cells.length - 1) : at + step))].classList.add("at");
  }

  page.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && !event.target.closest("a, form")) editCell(cell);
  });

  page.addEventListener("click", (event) => {
    const back = event.target.closest("[data-cell-back]");
    if (back) leaveCell(back.closest("[data-cell]"));
  });

  page.addEventListener("htmx:afterSettle", (event) => {
    const cell = event.detail.elt;
    if (!cell || !cell.matches || !cell.matches("[data-cell]")) return;
    const form = one("form", cell);
    const to = form ? one("[autofocus]", form) : linkOf(cell.closest("[data-id]"));
    if (to) to.focus();
    if (form && to && to.select) to.select();
  });

  // ---- the panel beside a list ----

  const panelFits = () => matchMedia("(min-width:1101px)").matches;

  function openPanel(link) {
    const panel = one("#panel");
    if (!panel || !link.dataset.panel || !panelFits() || !window.htmx) return false;
    return htmx.ajax("GET", link.dataset.panel, { target: "#panel", swap: "innerHTML" }).then(() => {
      panel.setAttribute("aria-label", link.textContent.trim());
      panel.scrollTop = 0;
    });
  }

  // Closing leaves the list as it is; without script the link leads to the list.
  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || !event.target.closest("#panel [data-close-panel]")) return;
    event.preventDefault();
    one("#panel").textContent = "";
    if (inHand && page.contains(inHand)) linkOf(inHand).focus();
  });

  // t, i and the like on a row: the panel knows where they lead.
  function pressInPanel(row, key) {
    const link = row && linkOf(row);
    const there = () => one(`#panel [data-key="${key}"]`);
    if (!link || !link.dataset.panel) return false;
    const open = openPanel(link);
    if (!open) return false;
    open.then(() => { const to = there(); if (to) to.click(); });
    return true;
  }

  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[data-panel]");
    if (!link) return;
    const row = link.closest("[data-id]");
    if (!openPanel(link)) return;
    event.preventDefault();
    if (!row) return;
    if (inHand) inHand.classList.remove("on");
    all("tr.on").forEach((other) => other.classList.remove("on"));
    inHand = row;
    row.classList.add("on");
  });

  // ---- selection ----

  // All that match, not only the ticked ones. A form sent by GET carries the list's conditions only then.
  function takeAll(yes) {
    const matching = one("#bulk [data-matching]");
    if (!matching) return;
    matching.value = yes ? "1" : "";
    const byGet = matching.form.method === "get";
    matching.disabled = byGet && !yes;
    all("#bulk [data-with-matching]").forEach((field) => { field.disabled = !yes; });
  }

  function showPicked() {
    const bar = one("#bulk");
    if (!bar) return;
    const picked = all("input[form=bulk][name=id]:checked").length;
    const matching = one("[data-matching]", bar);
    bar.hidden = !picked;
    if (!picked) takeAll(false);
    one("[data-picked]", bar).textContent = matching.value ? one("[data-take-all]", bar).dataset.takeAll : picked;
  }

  page.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) all("input[form=bulk][name=id]").forEach((other) => { other.checked = box.checked; });
    else if (!box.matches("input[form=bulk][name=id]")) return;
    takeAll(false);
    showPicked();
  });

  page.addEventListener("click", (event) => {
    const box = event.target.closest("input[form=bulk][name=id]");
    if (box) {
      const row = box.closest("[data-id]");
      if (event.shiftKey && lastTicked && row) range(lastTicked, row, box.checked);
      lastTicked = row;
      return;
    }
    if (event.target.closest("[data-take-all]")) { takeAll(true); showPicked(); }
    if (event.target.closest("[data-drop-all]")) {
      event.preventDefault();
      all("input[form=bulk][name=id], [data-all]").forEach((other) => { other.checked = false; });
      showPicked();
    }
  });

  // ---- dialogs, palette ----

  function show(dialog) {
    if (!dialog || dialog.open) return;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  }

  function openPalette() {
    const dialog = one("#palette");
    if (!dialog) return;
    show(dialog);
    const field = one("#find-q");
    field.select();
    field.focus();
    if (window.htmx) htmx.trigger(field, "palette");
  }

  function openLog() {
    const here = all("[data-log-line]").find((field) => field.offsetParent && !field.closest("dialog"));
    const field = here || one("#log-dialog [data-log-line]");
    if (!field) return false;
    if (!here) {
      show(one("#log-dialog"));
      preset(field);
    }
    field.focus();
    field.scrollIntoView({ block: "nearest" });
    if (field.value && window.htmx) htmx.trigger(field, "chosen"); // a draft that came back has no chips yet
    return true;
  }

  // The person in hand on a list, where no panel is open.
  function ofRow() {
    const link = inHand && page.contains(inHand) && one("a[data-panel]", inHand);
    return link ? { dataset: { person: inHand.dataset.id, personName: link.textContent.trim() } } : null;
  }

  // The person whose page or panel is open is meant, or the row in hand: L, the sentence, Enter.
  function preset(field) {
    const about = one("#panel [data-person]") || one("main [data-person]") || ofRow();
    const box = field.closest("[data-log-box]");
    const was = personOf(box);
    const id = about ? about.dataset.person : "";
    if (id === was) return;
    const given = one("input[name=person]", box);
    if (given) given.remove();
    if (id) box.append(hiddenField("person", id));
    field.placeholder = id ? one("#log-dialog").dataset.with.replace("{name}", about.dataset.personName) : field.dataset.anyone || field.placeholder;
    field.value = "";
    box.elements.client_id.value = "";
    restoreDrafts(box.parentElement);
  }

  function hiddenField(name, value) {
    const field = page.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    return field;
  }

  page.addEventListener("click", (event) => {
    const from = event.target;
    if (event.ctrlKey || event.metaKey) return;
    if (from.closest("[data-palette]")) { event.preventDefault(); openPalette(); }
    if (from.closest("[data-log]") && openLog()) event.preventDefault();
    const opener = from.closest("[data-open-dialog]");
    if (opener) { event.preventDefault(); show(page.getElementById(opener.dataset.openDialog)); }
    if (from.closest("[data-close]") || from.tagName === "DIALOG") { const open = from.closest("dialog"); if (open) open.close(); }
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(from)) menu.open = false; });
    const fill = from.closest("[data-fill]");
    if (fill) { const field = page.getElementById(fill.dataset.fill); if (field) { field.value = fill.dataset.value; field.focus(); } }
  });

  function movePalette(event) {
    const rows = all("#palette .rows [data-row]");
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "Tab") {
      const verbs = rows[Math.max(0, at)].dataset.verbs;
      if (!verbs || event.shiftKey) return;
      event.preventDefault();
      htmx.ajax("GET", verbs, { target: "#palette .rows", swap: "innerHTML" });
      return;
    }
    if (event.key === "Enter") {
      const to = rows[Math.max(0, at)];
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(to.href, "_blank", "noopener");
      else location.assign(to.href);
      return;
    }
    event.preventDefault();
    const next = rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length];
    if (at >= 0) rows[at].removeAttribute("aria-selected");
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    one("#find-q").setAttribute("aria-activedescendant", next.id || (next.id = "palette-row-" + rows.indexOf(next)));
  }

  // ---- the one-line log: its draft stays on this machine until it is saved ----

  const draftKey = "yishang:log:" + (page.body.dataset.reader || "");
  const personOf = (box) => { const preset = one("input[name=person]", box); return preset ? preset.value : ""; };
  const drafts = () => { try { return JSON.parse(localStorage.getItem(draftKey)) || {}; } catch (broken) { return {}; } };

  function keep(drafted) {
    try {
      if (Object.keys(drafted).length) localStorage.setItem(draftKey, JSON.stringify(drafted));
      else localStorage.removeItem(draftKey);
    } catch (full) { /* a full or forbidden store costs the draft, never the log */ }
  }

  function draft(field) {
    const box = field.closest("[data-log-box]");
    const kept = drafts();
    const client = box.elements.client_id;
    if (!client.value) client.value = newId();
    if (field.value.trim()) kept[personOf(box)] = { line: field.value, client_id: client.value };
    else delete kept[personOf(box)];
    keep(kept);
  }

  function restoreDrafts(within) {
    for (const box of all("[data-log-box]", within)) {
      const kept = drafts()[personOf(box)];
      const field = one("[data-log-line]", box);
      if (kept && !field.value) {
        field.value = kept.line;
        box.elements.client_id.value = kept.client_id;
        if (window.htmx && field.offsetParent) htmx.trigger(field, "chosen");
      } else if (!box.elements.client_id.value) box.elements.client_id.value = newId();
    }
  }

  page.addEventListener("input", (event) => {
    if (event.target.matches("[data-log-line]")) draft(event.target);
  });

  page.addEventListener("htmx:configRequest", (event) => {
    const field = event.detail.elt;
    if (!field.matches("[data-log-line]")) return;
    const box = field.closest("[data-log-box]");
    if (personOf(box)) event.detail.parameters.person = personOf(box);
    const chosen = all("input[name=chosen]", box).map((choice) => choice.value);
    if (chosen.length) event.detail.parameters.chosen = chosen;
  });

  page.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]");
    const box = choice && choice.closest("[data-log-box]");
    if (!box) return;
    box.append(hiddenField("chosen", choice.dataset.choose));
    const field = one("[data-log-line]", box);
    field.focus();
    if (window.htmx) htmx.trigger(field, "chosen");
  });

  page.addEventListener("htmx:afterSwap", (event) => {
    const got = event.detail.target;
    if (!got.matches || !got.matches(".log .got")) return;
    const note = page.createElement("span");
    note.className = "faint small end";
    note.textContent = one("[data-draft]", got.closest("[data-log-box]")).dataset.draft;
    got.append(note);
  });

  page.addEventListener("htmx:beforeSwap", (event) => { // saved: before the fresh box replaces this one
    const { xhr, requestConfig } = event.detail;
    const box = requestConfig && requestConfig.elt;
    if (!box || !box.matches("[data-log-box]") || xhr.status >= 300) return;
    const kept = drafts();
    delete kept[personOf(box)];
    keep(kept);
    const dialog = box.closest("dialog");
    const again = box.elements.again;
    if (dialog && !again) dialog.close();
    else setTimeout(() => { const next = one("[data-log-line]", page.getElementById(box.id)); if (next) next.focus(); }, 60);
  });

  page.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) keep({}); // nothing of one reader stays for the next at this machine
    const asked = event.target.dataset.confirm;
    if (asked && !confirm(asked)) event.preventDefault();
  });

  // ---- keys ----

  const writing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  function keyOf(event) {
    const press = (selector) => { const to = one(selector); if (to) { to.click(); event.preventDefault(); } };
    const row = inHand && page.contains(inHand) ? inHand : event.target.closest("[data-id]");
    switch (event.key) {
      case "l": case "L": if (openLog()) event.preventDefault(); break;
      case "/": { event.preventDefault(); const field = one("[data-search]"); if (field) { field.focus(); field.select(); } else openPalette(); break; }
      case "j": case "J": move(1); break;
      case "k": case "K": move(-1); break;
      case "x": tick(row, false); break;
      case "X": tick(row, true); break;
      case "o": if (row) { linkOf(row).click(); event.preventDefault(); } break;
      case "Enter": if (row && event.target === row) { linkOf(row).click(); event.preventDefault(); } break;
      case "e": {
        if (row && editCell(one("[data-cell].at", row) || cellsOf(row)[0])) { event.preventDefault(); break; }
        const edit = (row && one("[data-edit]", row)) || one("[data-edit]");
        if (edit) { edit.click(); event.preventDefault(); }
        break;
      }
      case "ArrowRight": case "ArrowLeft": if (row && cellsOf(row).length) { pointAt(row, event.key === "ArrowRight" ? 1 : -1); event.preventDefault(); } break;
      case "a": {
        const act = one('#bulk [data-key="a"]');
        if (!act) break;
        if (row && !all("input[form=bulk][name=id]:checked").length) tick(row, false);
        if (all("input[form=bulk][name=id]:checked").length) { event.preventDefault(); act.click(); }
        break;
      }
      case "?": show(one("#keys")); event.preventDefault(); break;
      case "Escape": press("[data-close-panel]"); break;
      default: {
        if (!/^[a-z]$/i.test(event.key)) break;
        const key = event.key.toLowerCase();
        const panel = one("#panel [data-person]");
        const isOpen = panel && row && panel.dataset.person === row.dataset.id;
        if (row && !isOpen && pressInPanel(row, key)) event.preventDefault();
        else press(`[data-key="${key}"]`);
      }
    }
  }

  page.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && (event.key === "k" || event.key === "K")) { event.preventDefault(); openPalette(); return; }
    if (event.target.id === "find-q") { if (["ArrowDown", "ArrowUp", "Enter", "Tab"].includes(event.key)) movePalette(event); return; }
    if (control && event.key === "Enter" && event.target.form) { submitAgain(event); return; }
    if (event.key === "Escape" && event.target.closest("[data-cell-form]")) { event.preventDefault(); leaveCell(event.target.closest("[data-cell]")); return; }
    if (event.key === "Escape" && event.target.matches("[data-log-line]") && !event.target.closest("dialog")) { event.target.blur(); return; }
    if (control || event.altKey || writing(event.target) || one("dialog[open]") || page.body.dataset.shortcuts === "off") return;
    keyOf(event);
  });

  function submitAgain(event) {
    event.preventDefault();
    const form = event.target.form;
    if (form.matches("[data-log-box]") && !form.elements.again) form.append(hiddenField("again", "1"));
    form.requestSubmit();
  }

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

  // deferred: the page stands when this runs
  all("[data-drop]").forEach(readyDrop);
  restoreDrafts(page);
  showPicked();
  if (location.hash === "#log") openLog();
  inHand = one(".ledger tr.on[data-id], .mail.on[data-id]");
})();
