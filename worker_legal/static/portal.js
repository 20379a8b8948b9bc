// Worker pages. Everything here only adds comfort; old browsers skip it.
(function () {
  "use strict";
  var root = document.documentElement;
  var errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();

  // Large type, kept for a year.
  var big = document.querySelector("[data-big]");
  if (big) {
    var match = /[?&]big=([01])/.exec(location.search);
    if (match) keepBig(match[1] === "1");
  }
  function keepBig(on) {
    document.cookie = "wl_big=" + (on ? "1" : "0") + "; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
    root.className = on ? "big" : "";
  }

  // The code of the receipt's square comes behind the # and so never reaches a log.
  var gate = document.querySelector("form[data-fragment]");
  var code = /^#(?:c=)?([0-9][0-9 -]{16,24})$/.exec(decodeURIComponent(location.hash || ""));
  if (gate && code) {
    gate.querySelector("[data-code]").value = code[1].replace(/[^0-9]/g, "");
    if (history.replaceState) history.replaceState(null, "", location.pathname + location.search);
    gate.submit();
  }

  // Groups of six while the digits are typed, as on the receipt.
  var typed = document.querySelector("[data-code]");
  if (typed) typed.addEventListener("input", function () {
    if (typed.selectionEnd !== typed.value.length) return;
    var digits = typed.value.replace(/[^0-9]/g, "").slice(0, 18);
    typed.value = digits.replace(/([0-9]{6})(?=[0-9])/g, "$1 ");
  });

  // Reading aloud, only where the browser can speak.
  var reader = document.querySelector("[data-read]");
  if (reader && "speechSynthesis" in window && window.SpeechSynthesisUtterance) {
    var word = reader.textContent;
    var stopped = function () { reader.textContent = word; };
    reader.hidden = false;
    reader.addEventListener("click", function () {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); stopped(); return; }
      var said = new SpeechSynthesisUtterance(document.querySelector(reader.getAttribute("data-read")).innerText);
      said.lang = root.lang || "zh-CN";
      said.rate = 0.9;
      said.onend = stopped;
      said.onerror = stopped;
      speechSynthesis.speak(said);
      reader.textContent = reader.getAttribute("data-stop");
    });
    window.addEventListener("pagehide", function () { speechSynthesis.cancel(); });
  }

  // A form goes out once.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    setTimeout(function () { form.removeAttribute("data-sent"); }, 6000);
  });
})();
