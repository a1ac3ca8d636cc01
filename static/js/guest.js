// 宜商通 · guest pages. A form with data-save posts itself there after each answer and says when it was kept; without a network
// the answers wait on this phone and go as soon as they can. Without this script the form is sent by its button.
(function () {
  "use strict";

  const RETRY_AFTER_MS = 5000;
  const form = document.querySelector("form[data-save]");
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  // ---- parts that appear only when they matter: data-when="field=value,value" ----

  function answer(name) {
    const fields = all(`[name="${name}"]`);
    const chosen = fields.find((field) => (field.type !== "radio" && field.type !== "checkbox") || field.checked);
    return chosen ? chosen.value : "";
  }

  function showWhatMatters() {
    for (const part of all("[data-when]")) {
      const [name, values] = part.dataset.when.split("=");
      part.hidden = !values.split(",").includes(answer(name));
    }
  }

  // ---- steppers ----

  function stepped(event) {
    const button = event.target.closest("[data-step] button");
    if (!button) return false;
    event.preventDefault();
    const step = button.closest("[data-step]");
    const field = step.querySelector("input");
    const up = button === step.querySelectorAll("button")[1];
    const value = Math.min(Number(step.dataset.most), Math.max(Number(step.dataset.least), Number(field.value) + (up ? 1 : -1)));
    field.value = value;
    showStep(step);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function showStep(step) {
    const value = Number(step.querySelector("input").value);
    const [less, more] = all("button", step);
    step.querySelector("b").textContent = value;
    less.disabled = value <= Number(step.dataset.least);
    more.disabled = value >= Number(step.dataset.most);
  }

  document.addEventListener("click", stepped);
  document.addEventListener("change", showWhatMatters);
  all("[data-step]").forEach(showStep);
  showWhatMatters();
  if (!form) return;

  // ---- saving as one goes ----

  const keptHere = "yishang:reply:" + form.dataset.save;
  let unsaved = new Set(); // names of the parts that changed since the last save
  let sending = false;
  let timer = 0;

  const marks = (parts) => parts.map((part) => form.querySelector(`[data-part="${part}"] [data-saved]`)).filter(Boolean);

  function mark(parts, kind, text) {
    for (const place of marks(parts)) {
      place.className = "ok" + (kind ? " " + kind : "");
      place.setAttribute("role", "status");
      place.textContent = text;
    }
  }

  function values() {
    return Array.from(new FormData(form)).filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  }

  function keepHere() {
    try {
      if (unsaved.size) localStorage.setItem(keptHere, JSON.stringify({ parts: Array.from(unsaved), values: values() }));
      else localStorage.removeItem(keptHere);
    } catch (forbidden) { /* private mode: the page itself still holds the answers */ }
  }

  function takeBack() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(keptHere)); } catch (broken) { return; }
    if (!kept) return;
    for (const [name, value] of kept.values) {
      for (const field of all(`[name="${name}"]`, form)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
        else field.value = value;
      }
    }
    unsaved = new Set(kept.parts);
    all("[data-step]", form).forEach(showStep);
    showWhatMatters();
    save();
  }

  function body(parts) {
    const sent = new FormData(form);
    parts.forEach((part) => sent.append("part", part));
    return sent;
  }

  async function save() {
    if (sending || !unsaved.size) return;
    clearTimeout(timer);
    timer = 0;
    const parts = Array.from(unsaved);
    unsaved = new Set();
    sending = true;
    mark(parts, "wait", form.dataset.saving);
    try {
      const answered = await fetch(form.dataset.save, { method: "POST", body: body(parts), credentials: "same-origin", headers: { Accept: "application/json" } });
      said(answered, parts);
    } catch (noNetwork) {
      parts.forEach((part) => unsaved.add(part));
      mark(parts, "wait", form.dataset.offline);
      timer = setTimeout(save, RETRY_AFTER_MS);
    }
    sending = false;
    keepHere();
    if (unsaved.size && !timer) save();
  }

  // What stands now, so that the next save of a part is not taken for one that somebody else overtook.
  function seeAnew(answered) {
    for (const one of (answered.headers.get("X-Seen") || "").split(",")) {
      const [part, mark] = one.split("=");
      const field = part && form.querySelector(`[name="seen-${part}"]`);
      if (field) field.value = mark;
    }
  }

  async function said(answered, parts) {
    seeAnew(answered);
    if (answered.ok) {
      const now = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
      mark(parts, "", "✓ " + form.dataset.saved.replace("{time}", now));
      return;
    }
    if (answered.status >= 500 || answered.status === 429) {
      parts.forEach((part) => unsaved.add(part));
      mark(parts, "wait", form.dataset.offline);
      timer = setTimeout(save, RETRY_AFTER_MS);
      return;
    }
    let wrong = {};
    try { wrong = await answered.json(); } catch (notJson) { /* the usual words do */ }
    mark(parts, "late", wrong.sentence || form.dataset.refused);
  }

  form.addEventListener("change", (event) => {
    const part = event.target.closest("[data-part]");
    unsaved.add(part ? part.dataset.part : "");
    keepHere();
    timer = 0;
    save();
  });
  form.addEventListener("submit", () => { clearTimeout(timer); unsaved.clear(); keepHere(); }); // the form itself carries everything
  addEventListener("online", save);
  addEventListener("pagehide", () => {
    if (unsaved.size && navigator.sendBeacon) navigator.sendBeacon(form.dataset.save, body(Array.from(unsaved)));
  });
  takeBack();
})();
