// A part of the page that follows what is typed: <div data-live="url" data-live-fields="left_on injured_on">.
// The named fields go out as a query (never personal data) and the answer, a fragment of the page, takes its place.
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-live]")) {
    const names = part.dataset.liveFields.split(/\s+/);
    let timer;
    let asked = 0;
    const refresh = async () => {
      const turn = (asked += 1);
      const url = new URL(part.dataset.live, location.href);
      for (const name of names) {
        for (const field of document.getElementsByName(name)) {
          const chosen = !field.matches("[type=checkbox], [type=radio]") || field.checked;
          if (chosen && field.value.trim()) url.searchParams.append(name, field.value.trim());
        }
      }
      try {
        const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
        if (!answer.ok || turn !== asked) return;
        const made = new DOMParser().parseFromString(await answer.text(), "text/html");
        part.replaceChildren(...made.body.childNodes);
      } catch { /* the page stays as it is; saving computes again */ }
    };
    const later = (event) => {
      if (event.target.name && !names.includes(event.target.name)) return;
      clearTimeout(timer);
      timer = setTimeout(refresh, 350);
    };
    document.addEventListener("input", later);
    document.addEventListener("change", later);
    document.addEventListener("wl:filled", refresh);
  }
})();
