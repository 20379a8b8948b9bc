// How far a long piece of work is: <div data-progress="url"><progress …></progress><p>…</p></div>; at its end the page is read again.
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-progress]")) {
    const bar = part.querySelector("progress");
    const words = part.querySelector("[data-progress-words]");
    const ask = async () => {
      try {
        const answer = await fetch(part.dataset.progress, { credentials: "same-origin" });
        if (!answer.ok) { location.reload(); return; }
        const state = await answer.json();
        if (state.ended) { location.reload(); return; }
        bar.value = state.percent;
        words.textContent = state.words;
      } catch { /* the next turn asks again */ }
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 600);
  }
})();
