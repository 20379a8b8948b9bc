// Suggestions while typing: <input data-suggest="list-id" data-url="…" data-target="hidden-id">; answers are [{value, label, note}].
(() => {
  "use strict";

  function attach(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "1";
    const box = Object.assign(document.createElement("div"), { className: "combo" });
    const list = Object.assign(document.createElement("ul"), { className: "combo-list", id: input.dataset.suggest, hidden: true });
    list.setAttribute("role", "listbox");
    input.before(box);
    box.append(input, list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
      input.setAttribute(name, value);
    }
    let items = [];
    let active = -1;
    let timer;
    let asked = 0;

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) { active = -1; input.removeAttribute("aria-activedescendant"); }
    }
    function draw() {
      list.replaceChildren(...items.map((item, index) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${index}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(index === active));
        row.append(item.label);
        if (item.note) row.append(Object.assign(document.createElement("small"), { textContent: item.note }));
        row.addEventListener("mousedown", (event) => { event.preventDefault(); pick(index); });
        return row;
      }));
      if (active >= 0) {
        input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
        list.children[active].scrollIntoView({ block: "nearest" });
      }
    }
    function target() {
      return document.getElementById(input.dataset.target || "");
    }
    function pick(index) {
      const item = items[index];
      input.value = item.label;
      if (target()) target().value = item.value;
      show(false);
      input.dispatchEvent(new CustomEvent("wl:pick", { bubbles: true, detail: item }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    async function ask() {
      const text = input.value.trim();
      const turn = (asked += 1);
      if (!text) { show(false); return; }
      const url = new URL(input.dataset.url, location.href);
      url.searchParams.set("q", text);
      try {
        const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (!answer.ok || turn !== asked) return;
        items = await answer.json();
        active = -1;
        draw();
        show(items.length > 0 && document.activeElement === input);
      } catch { show(false); }
    }
    input.addEventListener("input", (event) => {
      if (event.isComposing) return;
      if (target()) target().value = "";
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    });
    input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
    input.addEventListener("blur", () => show(false));
    // Enter takes the marked suggestion, else the first; in this field it never sends the form.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        event.stopPropagation();
        if (!list.hidden) pick(Math.max(active, 0));
      }
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
        draw();
      } else if (event.key === "Escape") show(false);
    });
  }

  const all = () => document.querySelectorAll("input[data-suggest]").forEach(attach);
  all();
  document.addEventListener("wl:added", all);
})();
