// 宜商通 · the one-line log: L from anywhere, the person in hand preset, its draft on this machine until it is saved.
(function () {
  "use strict";

  const page = document;
  const { one, all, newId, hiddenField, show } = window.yishang;

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
  });

  // ---- opening it ----

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

  // The person whose page or panel is open is meant: L, the sentence, Enter.
  function preset(field) {
    const about = one("#panel [data-person]") || one("main [data-person]");
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

  page.addEventListener("shortcut", (event) => {
    if (event.detail.toLowerCase() === "l" && openLog()) event.preventDefault();
  });

  page.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.target.closest("[data-log]") && openLog()) event.preventDefault();
  });

  // Before the page's own keys: Ctrl+Enter saves and begins the next, Escape leaves the line.
  page.addEventListener("keydown", (event) => {
    if (event.isComposing || !event.target.matches("[data-log-line]")) return;
    const box = event.target.form;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !box.elements.again) box.append(hiddenField("again", "1"));
    if (event.key === "Escape" && !event.target.closest("dialog")) event.target.blur();
  }, true);

  page.addEventListener("htmx:afterSettle", (event) => {
    const come = event.detail.elt;
    if (!come || !come.querySelector || come.closest(".got, .rows")) return;
    restoreDrafts(come.parentElement || come);
  });

  restoreDrafts(page);
})();
