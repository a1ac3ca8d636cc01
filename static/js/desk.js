// 宜商通 · check-in desk. Reads a code by camera (BarcodeDetector where there is one, otherwise jsQR), by a scanner that types, or by
// hand; posts it with a nonce; without a network keeps it here and sends it again with the same nonce, so nobody arrives twice.
(function () {
  "use strict";

  const SAME_CODE_MS = 3000;
  const GREEN_STAYS_MS = 4000;
  const RETRY_AFTER_MS = 4000;
  const ANSWER_WITHIN_MS = 6000;
  const STILL_HERE_MS = 10000;
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const one = (selector) => desk.querySelector(selector);
  const result = one("[data-result]");
  const codeField = one("[data-code]");
  const newNonce = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const token = () => document.querySelector("meta[name=csrf-token]").content;

  // ---- what was scanned and not yet taken by the server ----

  const queueKey = "yishang:desk:" + desk.dataset.reader + ":" + desk.dataset.arrivals;
  let queue = [];
  try { queue = JSON.parse(localStorage.getItem(queueKey)) || []; } catch (broken) { queue = []; }

  function keepQueue() {
    try { localStorage.setItem(queueKey, JSON.stringify(queue)); } catch (full) { /* they stay in memory */ }
    showNet();
  }

  let online = navigator.onLine;
  function showNet(now) {
    if (now !== undefined) online = now;
    const net = one("[data-net]");
    net.classList.toggle("on", online);
    net.textContent = (online ? net.dataset.on : net.dataset.off) + (queue.length ? ` · ${net.dataset.queued} ${queue.length}` : "");
  }

  // ---- an arrival: one at a time, in the order they came ----

  async function post(arrival) {
    const sent = new URLSearchParams(arrival);
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(), ANSWER_WITHIN_MS);
    try {
      return await fetch(desk.dataset.arrivals, {
        method: "POST", body: sent, credentials: "same-origin", redirect: "manual", signal: abort.signal,
        headers: { "HX-Request": "true", "X-CSRFToken": token() },
      });
    } finally { clearTimeout(late); }
  }

  // The session is over, or the token with it: what was scanned waits for a sign-in and is not thrown away.
  const signedOut = (answer) => answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status);

  let latest = ""; // nonce of the last scan: its verdict is shown, those of earlier ones only when something is wrong
  let shown = "";

  function arrive(said) {
    const arrival = Object.assign({}, said, { nonce: newNonce(), scanned_at: new Date().toISOString(), desk: desk.dataset.desk });
    latest = arrival.nonce;
    queue.push(arrival);
    keepQueue();
    if (queue.length > 1 && !sending) showOnce("[data-offline]");
    drain();
  }

  let sending = false;
  let timer = 0;

  async function drain() {
    if (sending || !queue.length) return;
    clearTimeout(timer);
    sending = true;
    const arrival = queue[0];
    const taken = await send(arrival);
    queue = queue.filter((other) => other.nonce !== arrival.nonce);
    if (!taken) queue.push(arrival); // behind the others, so that one bad scan holds nobody up
    sending = false;
    keepQueue();
    if (queue.length) timer = setTimeout(drain, taken ? 0 : RETRY_AFTER_MS);
  }

  async function send(arrival) {
    try {
      const answer = await post(arrival);
      const verdict = signedOut(answer) ? null : parse(await answer.text());
      showNet(true);
      if (verdict) { settle(verdict, arrival); return true; }
      showOnce(signedOut(answer) ? "[data-signed-out]" : "[data-offline]");
    } catch (noNetwork) {
      showNet(false);
      showOnce("[data-offline]");
    }
    return false;
  }

  function showOnce(template) {
    if (shown === latest) return;
    shown = latest;
    show(from(template));
  }

  function settle(verdict, arrival) {
    const kind = verdict.dataset.verdict;
    const fresh = arrival.nonce === latest && Date.now() - new Date(arrival.scanned_at) < STILL_HERE_MS;
    if (kind === "go") { const count = one("[data-count]"); count.textContent = Number(count.textContent) + 1; }
    if (fresh) { shown = latest; show(verdict); signal(kind); } else if (kind !== "go") listProblem(verdict, arrival);
  }

  function listProblem(verdict, arrival) {
    const name = verdict.querySelector("[data-name]");
    const row = document.createElement("li");
    row.textContent = [new Date(arrival.scanned_at).toLocaleTimeString("zh-CN", { hour12: false }), name ? name.textContent : arrival.code || "", verdict.querySelector(".v").textContent.trim()].join(" · ");
    one("[data-problems] ul").append(row);
    one("[data-problems]").hidden = false;
  }

  // ---- the verdict ----

  const parse = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("[data-verdict]");
  const from = (template) => document.importNode(one("template" + template).content, true).querySelector("[data-verdict]");
  const idle = result.innerHTML;
  let clearing = 0;

  function show(verdict) {
    clearTimeout(clearing);
    result.replaceChildren(verdict);
    one("[data-hits]").replaceChildren();
    codeField.value = "";
    codeField.focus();
    if (verdict.dataset.verdict === "go") clearing = setTimeout(() => { result.innerHTML = idle; }, GREEN_STAYS_MS);
  }

  let sound = null;
  function signal(kind) {
    if (navigator.vibrate) navigator.vibrate(kind === "go" ? 60 : [80, 60, 80]);
    try {
      sound = sound || new AudioContext();
      const tone = sound.createOscillator();
      tone.frequency.value = kind === "go" ? 880 : 220;
      tone.connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + (kind === "go" ? 0.09 : 0.32));
    } catch (silent) { /* a desk without sound still has the word, the shape and the colour */ }
  }

  // ---- scanner, hand, search ----

  let last = { code: "", at: 0 };
  function read(code) {
    const now = Date.now();
    if (!code || (code === last.code && now - last.at < SAME_CODE_MS)) { last.at = now; return; }
    last = { code, at: now };
    arrive({ code });
  }

  const isCode = (text) => /^\d{6}$/.test(text.replace(/\s/g, "")) || /^https?:\/\//.test(text) || /^[\w.~-]{16,}$/.test(text);

  desk.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-arrival]")) return;
    event.preventDefault();
    const said = {};
    for (const [name, value] of new FormData(form)) if (!["csrf_token", "desk", "nonce", "scanned_at"].includes(name)) said[name] = value;
    if (form.contains(codeField)) {
      const text = codeField.value.trim();
      if (isCode(text)) { codeField.value = ""; last = { code: text, at: Date.now() }; arrive({ code: text }); } else look(text, true);
    } else arrive(said);
  });

  let looking = 0;
  codeField.addEventListener("input", () => {
    clearTimeout(looking);
    const text = codeField.value.trim();
    if (!text) { one("[data-hits]").replaceChildren(); return; }
    if (!isCode(text)) looking = setTimeout(() => look(text), 220);
  });

  let question = 0;
  async function look(text, byEnter) {
    const mine = (question += 1);
    try {
      const answer = await fetch(desk.dataset.search + "?q=" + encodeURIComponent(text), { credentials: "same-origin", headers: { "HX-Request": "true" } });
      const html = await answer.text();
      if (mine !== question || !answer.ok) return;
      const hits = new DOMParser().parseFromString(html, "text/html").querySelector(".hits");
      if (!hits) return;
      one("[data-hits]").replaceChildren(hits);
      const first = hits.querySelector("button");
      if (byEnter && first) first.focus();
    } catch (noNetwork) { showNet(false); }
  }

  document.addEventListener("keydown", (event) => { // a scanner types wherever the focus is
    if (event.key === "Escape") { clearTimeout(clearing); result.innerHTML = idle; codeField.value = ""; codeField.focus(); return; }
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, button, a")) codeField.focus();
  });

  // ---- camera ----

  const box = one("[data-camera]");
  const video = one("video");
  const canvas = document.createElement("canvas");
  let detector = null;

  async function openCamera() {
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      await video.play();
      await readyReader();
    } catch (refused) {
      one("[data-camera-says]").textContent = one("[data-camera-says]").dataset.refused;
      codeField.focus();
      return;
    }
    video.hidden = false;
    one("[data-camera-on]").hidden = true;
    if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
    codeField.focus();
    watch();
  }

  async function readyReader() {
    if ("BarcodeDetector" in window) {
      const formats = await BarcodeDetector.getSupportedFormats();
      if (formats.includes("qr_code")) { detector = new BarcodeDetector({ formats: ["qr_code"] }); return; }
    }
    if (window.jsQR) return;
    await new Promise((ready, failed) => {
      const script = document.createElement("script");
      script.src = desk.dataset.jsqr;
      script.onload = ready;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function watch() {
    if (!document.hidden && video.readyState >= 2 && video.videoWidth) {
      try { read(detector ? await byDetector() : byPixels()); } catch (unreadable) { /* the next frame */ }
    }
    setTimeout(watch, 120);
  }

  async function byDetector() {
    const found = await detector.detect(video);
    return found.length ? found[0].rawValue : "";
  }

  function byPixels() {
    const scale = Math.min(1, 640 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" });
    return found ? found.data : "";
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) box.hidden = false;
  one("[data-camera-on]").addEventListener("click", openCamera);
  addEventListener("online", () => { showNet(true); drain(); });
  addEventListener("offline", () => showNet(false));
  showNet();
  codeField.focus();
  drain();
})();
