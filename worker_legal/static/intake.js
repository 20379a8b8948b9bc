// Intake: earlier cases of the person in a row, the representatives of a group, a list pasted into a cell.
(() => {
  "use strict";
  const form = document.getElementById("intake");
  if (!form) return;
  const table = form.querySelector("[data-rows]");
  const timers = new WeakMap();

  function valueOf(row, name) {
    const field = row.querySelector(`[name$="-${name}"]`);
    return field ? field.value.trim() : "";
  }
  async function look(row) {
    const place = row.querySelector("[data-earlier]");
    const body = new URLSearchParams({ employer: form.elements["respondents-0-name"].value.trim() });
    for (const name of ["name", "id_no", "phone"]) body.set(name, valueOf(row, name));
    const asked = body.toString();
    if (!place || place.dataset.asked === asked) return;
    place.dataset.asked = asked;
    if (!body.get("id_no") && !body.get("phone") && !(body.get("name") && body.get("employer"))) { clear(place); return; }
    try {
      const answer = await fetch(form.dataset.earlierUrl, {
        method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": form.elements.csrf_token.value },
      });
      if (!answer.ok || place.dataset.asked !== asked) return;
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      clear(place);
      place.append(...made.body.children);
    } catch { /* the server looks again when the page is sent */ }
  }
  function clear(place) {
    place.querySelectorAll(".sub").forEach((line) => line.remove());
  }
  function later(row) {
    clearTimeout(timers.get(row));
    timers.set(row, setTimeout(() => look(row), 400));
  }

  // Representatives can be chosen from the tenth worker on.
  const reps = form.querySelector("[data-reps]");
  const many = form.querySelector("[data-collective]");
  function group() {
    const rows = [...table.querySelectorAll("[data-row]")].filter((row) => ["name", "id_no", "phone"].some((name) => valueOf(row, name)));
    rows.sort((one, other) => seqOf(one) - seqOf(other));
    const isGroup = rows.length >= 10;
    reps.hidden = !isGroup;
    many.hidden = !isGroup;
    const list = reps.querySelector("[data-reps-list]");
    const chosen = new Set([...list.querySelectorAll("input:checked")].map((box) => box.name));
    list.replaceChildren(...(isGroup ? rows : []).map((row) => box(row, chosen)));
    count();
  }
  function seqOf(row) {
    return Number(row.querySelector(".seq").textContent);
  }
  function box(row, chosen) {
    const name = row.querySelector('[name$="-name"]').name.replace(/-name$/, "-is_representative");
    const wrap = Object.assign(document.createElement("div"), { className: "form-check" });
    const input = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input", name, id: name, value: "y", checked: chosen.has(name) });
    const label = Object.assign(document.createElement("label"), { htmlFor: name, textContent: valueOf(row, "name") || reps.dataset.nobody });
    wrap.append(input, label);
    return wrap;
  }
  function count() {
    const line = reps.querySelector("[data-reps-count]");
    line.textContent = reps.querySelectorAll("input:checked").length;
  }

  // A block of a spreadsheet goes to the server, which knows the columns.
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/\t/.test(text) && text.trim().split("\n").length < 2) return;
    event.preventDefault();
    event.stopPropagation();
    form.elements.roster.value = text;
    form.requestSubmit(form.querySelector("[name=read_roster]"));
  }, true);

  form.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) { later(row); group(); }
    if (event.target.closest("[data-reps-list]")) count();
    if (event.target.name === "respondents-0-name") table.querySelectorAll("[data-row]").forEach(later);
  });
  form.addEventListener("wl:pick", () => table.querySelectorAll("[data-row]").forEach(later));
  document.addEventListener("wl:filled", group);
  group();
})();
