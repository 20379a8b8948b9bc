// What every page needs; further modules are fetched only where a page asks for them by an attribute.
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/page\.js.*$/, "");
  const MODULES = {
    "draft.js": "form[data-autosave]",
    "suggest.js": "input[data-suggest]",
    "rows.js": "[data-rows]",
    "fields.js": "[data-money], [data-date]",
    "live.js": "[data-live]",
    "progress.js": "[data-progress]",
  };
  document.documentElement.classList.add("js");

  function words(name) {
    try { return JSON.parse(document.body.dataset.words || "{}")[name] || ""; } catch { return ""; }
  }
  window.workerLegal = { words };

  function load() {
    for (const [file, selector] of Object.entries(MODULES)) {
      if (!document.querySelector(selector)) continue;
      const script = document.createElement("script");
      script.src = here + file;
      document.head.append(script);
    }
  }

  // A form goes out once; the buttons wake up again when the page comes back or a download was all.
  function guard(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => wake(form, true), 0);
    setTimeout(() => wake(form, false), 6000);
  }
  function wake(form, asleep) {
    for (const button of form.querySelectorAll("button, input[type=submit]")) {
      if (asleep) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (!asleep) delete form.dataset.sent;
  }

  // A second step before what cannot be undone.
  function ask(event) {
    const form = event.target;
    const question = form.dataset.confirm;
    if (!question || form.dataset.sure) { delete form.dataset.sure; return; }
    event.preventDefault();
    const go = () => { form.dataset.sure = "1"; form.requestSubmit(event.submitter || undefined); };
    if (!window.HTMLDialogElement) { if (window.confirm(question)) go(); return; }
    const dialog = document.createElement("dialog");
    const title = Object.assign(document.createElement("h2"), { textContent: question, id: "ask" });
    const text = Object.assign(document.createElement("p"), { textContent: form.dataset.confirmText || "" });
    const row = Object.assign(document.createElement("div"), { className: "page-actions" });
    const no = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: form.dataset.no || words("no") });
    const yes = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-primary", textContent: form.dataset.yes || words("yes") });
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => { dialog.close(); go(); });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.setAttribute("aria-labelledby", "ask");
    row.append(no, yes);
    dialog.append(title, text, row);
    document.body.append(dialog);
    dialog.showModal();
  }

  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    const text = source.value || source.textContent.replace(/\s+/g, " ").trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    const before = button.textContent;
    button.textContent = button.dataset.done || words("copied");
    setTimeout(() => { button.textContent = before; }, 2500);
  }

  function flashes() {
    for (const note of document.querySelectorAll("[data-flash]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "flash-close";
      button.textContent = "×";
      button.setAttribute("aria-label", note.dataset.close || words("no"));
      button.addEventListener("click", () => note.remove());
      note.append(button);
    }
  }

  // A draft goes when its form was saved, and all drafts go when somebody signs out.
  function forget(which) {
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store)) {
        if (key === `wl-draft:${which}` || (!which && key.startsWith("wl-draft:"))) store.removeItem(key);
      }
    }
  }
  function settleDraft() {
    const sent = sessionStorage.getItem("wl-sent");
    if (!sent) return;
    sessionStorage.removeItem("wl-sent");
    const refused = document.querySelector(".error-summary, [data-refused]");
    if (document.querySelector(".frame") && !refused) forget(sent);
  }

  document.addEventListener("submit", ask, true);
  document.addEventListener("submit", (event) => { if (event.target.matches(".signout")) forget(); });
  document.addEventListener("submit", guard);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (button && "print" in button.dataset) window.print();
    if (button && button.dataset.copy) copy(button);
    for (const open of document.querySelectorAll(".tabbar-more[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll(".tabbar-more[open]").forEach((open) => { open.open = false; });
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && document.getElementById("q")) { event.preventDefault(); document.getElementById("q").focus(); }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => wake(form, false)));

  document.querySelectorAll("[data-print][hidden], [data-copy][hidden]").forEach((button) => { button.hidden = false; });
  settleDraft();
  flashes();
  // A link to a date or an entry opens it.
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
  window.addEventListener("hashchange", () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named && named.tagName === "DETAILS") named.open = true;
  });
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();
  load();
})();
