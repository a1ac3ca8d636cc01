// 宜商通 · staff pages. Everything here makes forms and links that already work smoother: keys, palette, panel, selection,
// toasts. ES2019 and what Chromium 86 has; no inline script, no framework beside htmx. What only some pages have stands in
// a file of its own: log.js, choices.js; each hears `shortcut`, which a key tells before this file acts on it.
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

  // ---- the panel beside a list ----

  const panelFits = () => matchMedia("(min-width:1101px)").matches;

  function openPanel(link) {
    const panel = one("#panel");
    if (!panel || !link.dataset.panel || !panelFits() || !window.htmx) return false;
    htmx.ajax("GET", link.dataset.panel, { target: "#panel", swap: "innerHTML" }).then(() => {
      panel.setAttribute("aria-label", link.textContent.trim());
      panel.scrollTop = 0;
    });
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

  function showPicked() {
    const bar = one("#bulk");
    if (!bar) return;
    const picked = all("input[form=bulk][name=id]:checked").length;
    const matching = one("[data-matching]", bar);
    bar.hidden = !picked;
    if (!picked) matching.value = "";
    one("[data-picked]", bar).textContent = matching.value ? one("[data-take-all]", bar).dataset.takeAll : picked;
  }

  page.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) all("input[form=bulk][name=id]").forEach((other) => { other.checked = box.checked; });
    else if (!box.matches("input[form=bulk][name=id]")) return;
    const matching = one("#bulk [data-matching]");
    if (matching) matching.value = "";
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
    if (event.target.closest("[data-take-all]")) { one("#bulk [data-matching]").value = "1"; showPicked(); }
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

  // ---- keys ----

  const writing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  function keyOf(event) {
    const press = (selector) => { const to = one(selector); if (to) { to.click(); event.preventDefault(); } };
    const row = inHand && page.contains(inHand) ? inHand : event.target.closest("[data-id]");
    switch (event.key) {
      case "/": { event.preventDefault(); const field = one("[data-search], main [type=search]"); if (field) { field.focus(); field.select(); } else openPalette(); break; }
      case "j": case "J": move(1); break;
      case "k": case "K": move(-1); break;
      case "x": tick(row, false); break;
      case "X": tick(row, true); break;
      case "o": if (row) { linkOf(row).click(); event.preventDefault(); } break;
      case "Enter": if (row && event.target === row) { linkOf(row).click(); event.preventDefault(); } break;
      case "e": { const edit = (row && one("[data-edit]", row)) || one("[data-edit]"); if (edit) { edit.click(); event.preventDefault(); } break; }
      case "Escape": press("[data-close-panel]"); break;
      default: if (/^[a-z]$/i.test(event.key)) press(`[data-key="${event.key.toLowerCase()}"]`);
    }
  }

  page.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && (event.key === "k" || event.key === "K")) { event.preventDefault(); openPalette(); return; }
    if (event.target.id === "find-q") { if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) movePalette(event); return; }
    if (control && event.key === "Enter" && event.target.form) { event.preventDefault(); event.target.form.requestSubmit(); return; }
    if (control && event.key === "Enter" && one("form[data-main]")) { event.preventDefault(); one("form[data-main]").requestSubmit(); return; }
    if (control || event.altKey || writing(event.target) || one("dialog[open]") || page.body.dataset.shortcuts === "off") return;
    const told = new CustomEvent("shortcut", { detail: event.key, bubbles: true, cancelable: true });
    if (event.target.dispatchEvent(told)) keyOf(event);
    else event.preventDefault();
  });

  page.addEventListener("submit", (event) => {
    const asked = event.target.dataset.confirm;
    if (asked && !confirm(asked)) event.preventDefault();
  });

  window.yishang = Object.freeze({ one, all, newId, hiddenField, show });

  // deferred: the page stands when this runs
  showPicked();
  inHand = one(".ledger tr.on[data-id], .mail.on[data-id]");
})();
