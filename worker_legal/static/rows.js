// Rows of workers: Enter moves on, a block copied from a spreadsheet spreads over cells, rows are added and removed.
// <table data-rows="workers"> with <tr data-row>; field names end in -0-name, -1-name …
(() => {
  "use strict";
  const NUMBER = /-(\d+)-/;

  function fields(row) {
    const all = [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];
    return all.filter((field) => !field.closest("details:not([open])"));
  }
  function rowsOf(table) {
    return [...table.querySelectorAll("[data-row]")];
  }

  function renumber(row, number) {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["id", "name", "for", "aria-describedby", "aria-controls", "data-money", "data-date", "data-suggest", "data-target"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(new RegExp(NUMBER, "g"), `-${number}-`));
      }
    }
  }
  function add(table) {
    const rows = rowsOf(table);
    const last = rows[rows.length - 1];
    const row = last.cloneNode(true);
    row.classList.remove("rowbad", "rowok", "rowfold");
    row.querySelectorAll("[data-seq]").forEach((seq) => seq.removeAttribute("data-seq"));
    row.querySelectorAll(".combo").forEach((box) => box.replaceWith(box.querySelector("input")));
    row.querySelectorAll(".field-error").forEach((error) => error.remove());
    row.querySelectorAll("[data-keep-not]").forEach((note) => { note.textContent = ""; });
    for (const field of row.querySelectorAll("input, select, textarea")) {
      if (field.matches("[type=checkbox], [type=radio]")) field.checked = false;
      else if (field.tagName === "SELECT") field.selectedIndex = 0;
      else field.value = "";
      field.removeAttribute("aria-invalid");
      delete field.dataset.ready;
    }
    const highest = Math.max(...rows.map((one) => Number((NUMBER.exec(fields(one)[0].name) || [0, 0])[1])));
    renumber(row, highest + 1);
    last.after(row);
    row.dispatchEvent(new CustomEvent("wl:added", { bubbles: true }));
    count(table);
    return row;
  }
  function remove(row) {
    const table = row.closest("[data-rows]");
    if (rowsOf(table).length > 1) row.remove();
    else fields(row).forEach((field) => { field.value = ""; });
    count(table);
    table.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function paste(event) {
    const field = event.target.closest("[data-row] input");
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
    if (!field || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const table = field.closest("[data-rows]");
    let row = field.closest("[data-row]");
    const first = fields(row).indexOf(field);
    const lines = text.split("\n");
    lines.forEach((line, index) => {
      const cells = fields(row).slice(first);
      line.split("\t").forEach((value, column) => { if (cells[column]) cells[column].value = value.trim(); });
      if (index < lines.length - 1) row = rowsOf(table)[rowsOf(table).indexOf(row) + 1] || add(table);
    });
    count(table);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.dispatchEvent(new CustomEvent("wl:filled"));
  }

  function forward(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.matches("textarea, button")) return;
    const row = event.target.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    const all = fields(row.closest("[data-rows]"));
    const table = row.closest("[data-rows]");
    const empty = fields(row).every((field) => !field.value.trim());
    const next = all[all.indexOf(event.target) + 1]
      || (empty ? document.querySelector(`[data-add-row="${table.dataset.rows}"]`) : fields(add(table))[0]);
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  }

  function count(table) {
    const rows = rowsOf(table).filter((row) => fields(row).some((field) => field.type !== "checkbox" && field.tagName !== "SELECT" && field.value.trim()));
    rowsOf(table).forEach((row, index) => { const seq = row.querySelector(".seq"); if (seq) seq.textContent = seq.dataset.seq || index + 1; });
    const people = document.querySelector(`[data-rows-count="${table.dataset.rows}"]`);
    if (people) people.textContent = rows.length;
    const total = document.querySelector(`[data-rows-sum="${table.dataset.rows}"]`);
    if (!total) return;
    const fen = rows.reduce((sum, row) => {
      const amount = row.querySelector("[data-amount]");
      return sum + Math.round(Number((amount ? amount.value : "").replace(/[,，\s]/g, "")) * 100 || 0);
    }, 0);
    total.textContent = (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  }

  document.addEventListener("paste", paste);
  document.addEventListener("keydown", forward);
  document.addEventListener("input", (event) => { const table = event.target.closest("[data-rows]"); if (table) count(table); });
  document.addEventListener("click", (event) => {
    const adder = event.target.closest("[data-add-row]");
    const remover = event.target.closest("[data-remove-row]");
    if (adder) { event.preventDefault(); fields(add(document.querySelector(`[data-rows="${adder.dataset.addRow}"]`)))[0].focus(); }
    if (remover) remove(remover.closest("[data-row]"));
  });
  document.addEventListener("wl:rows", (event) => {
    for (const table of event.target.querySelectorAll("[data-rows]")) {
      const wanted = event.detail.filter((name) => name.startsWith(`${table.dataset.rows}-`)).map((name) => Number((NUMBER.exec(name) || [0, 0])[1]));
      for (let guard = 0; guard < 500 && rowsOf(table).length <= Math.max(-1, ...wanted); guard += 1) add(table);
    }
  });
  document.addEventListener("wl:filled", () => document.querySelectorAll("[data-rows]").forEach(count));
  document.querySelectorAll("[data-remove-row][hidden]").forEach((button) => { button.hidden = false; });
  document.querySelectorAll("[data-rows]").forEach(count);
})();
