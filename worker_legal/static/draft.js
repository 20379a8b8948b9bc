// Nothing typed is lost: <form data-autosave="key"> is kept in this browser until it is saved or signed out.
// Fields with data-private, and all long texts, stay only for this tab's session.
(() => {
  "use strict";
  const { words } = window.workerLegal;
  const PREFIX = "wl-draft:";
  const KEEP_MS = 3 * 24 * 3600 * 1000;

  const isPrivate = (field) => field.matches("[data-private], textarea, [type=tel]");
  const isKept = (field) => field.name && !field.matches("[type=password], [type=file], [type=hidden], [type=submit], button");

  function read(store, key) {
    try {
      const draft = JSON.parse(store.getItem(PREFIX + key));
      return draft && Date.now() - draft.at < KEEP_MS ? draft : null;
    } catch { return null; }
  }
  function write(store, key, values) {
    try {
      if (values.length) store.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values }));
      else store.removeItem(PREFIX + key);
    } catch { /* a full or forbidden store only means no draft */ }
  }
  function forget(key) {
    localStorage.removeItem(PREFIX + key);
    sessionStorage.removeItem(PREFIX + key);
  }

  function valueOf(field) {
    return field.matches("[type=checkbox], [type=radio]") ? (field.checked ? field.value : null) : field.value;
  }
  function save(form) {
    const open = [];
    const secret = [];
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      const value = valueOf(field);
      if (value === null || value === "") continue;
      (isPrivate(field) ? secret : open).push([field.name, value]);
    }
    write(localStorage, form.dataset.autosave, open);
    write(sessionStorage, form.dataset.autosave, secret);
    const line = document.querySelector("[data-autosaved]");
    if (line) line.textContent = `${words("saved")} ${new Date().toTimeString().slice(0, 5)}`;
  }

  function restore(form, values) {
    form.dispatchEvent(new CustomEvent("wl:rows", { bubbles: true, detail: values.map(([name]) => name) }));
    for (const [name, value] of values) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.matches("[type=checkbox], [type=radio]")) field.checked ||= field.value === value;
        else if (isKept(field)) field.value = value;
      }
    }
    form.dispatchEvent(new CustomEvent("wl:filled", { bubbles: true }));
  }

  function button(text, cls, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: `btn btn-sm ${cls}`, textContent: text });
    made.addEventListener("click", act);
    return made;
  }
  function offer(form, drafts) {
    const bar = Object.assign(document.createElement("div"), { className: "notice draft" });
    bar.setAttribute("role", "status");
    const at = new Date(Math.max(...drafts.map((draft) => draft.at)));
    const text = document.createElement("span");
    text.textContent = `${words("draft")} ${at.toLocaleDateString("sv")} ${at.toTimeString().slice(0, 5)}`;
    bar.append(
      text,
      button(words("restore"), "btn-primary", () => { drafts.forEach((draft) => restore(form, draft.values)); bar.remove(); }),
      button(words("discard"), "btn-quiet", () => { forget(form.dataset.autosave); bar.remove(); }),
    );
    form.before(bar);
  }

  const forms = [...document.querySelectorAll("form[data-autosave]")];
  for (const form of forms) {
    const key = form.dataset.autosave;
    const drafts = [read(localStorage, key), read(sessionStorage, key)].filter(Boolean);
    const answered = document.querySelector(".error-summary, [data-refused]");
    if (drafts.length && !answered) offer(form, drafts);
    let timer;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => save(form), 600); });
    form.addEventListener("submit", () => { clearTimeout(timer); save(form); sessionStorage.setItem("wl-sent", key); });
  }
})();
