// Under a money field its capital figures, under a date field its weekday.
(() => {
  "use strict";
  const { words } = window.workerLegal;
  const DIGITS = "零壹贰叁肆伍陆柒捌玖";
  const PLACES = ["", "拾", "佰", "仟"];
  const GROUPS = [[100000000, "亿"], [10000, "万"]];

  function group(number) {
    let text = "";
    const digits = String(number);
    for (let index = 0; index < digits.length; index += 1) {
      const digit = Number(digits[index]);
      text += digit ? DIGITS[digit] + PLACES[digits.length - 1 - index] : "零";
    }
    return text.replace(/零+/g, "零").replace(/零$/, "");
  }

  function whole(number) {
    for (const [size, name] of GROUPS) {
      if (number < size) continue;
      const rest = number % size;
      const gap = rest && rest < size / 10 ? "零" : "";
      return whole(Math.floor(number / size)) + name + (rest ? gap + whole(rest) : "");
    }
    return group(number);
  }

  function inWords(text) {
    const plain = text.normalize("NFKC").replace(/[,\s¥元]/g, "");
    const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
    if (!match) return "";
    const yuan = Number(match[1]);
    const [jiao, fen] = (match[2] || "").padEnd(2, "0").split("").map(Number);
    if (!yuan && !jiao && !fen) return "零元整";
    let out = yuan ? `${whole(yuan)}元` : "";
    if (!jiao && !fen) return `${out}整`;
    if (jiao) out += `${DIGITS[jiao]}角`;
    else if (yuan) out += "零";
    return fen ? `${out}${DIGITS[fen]}分` : `${out}整`;
  }

  function dayOf(text) {
    const plain = text.normalize("NFKC").trim();
    const match = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(plain) || /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
    if (!match) return "";
    const [year, month, day] = match.slice(1).map(Number);
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return words("noday");
    return (words("weekdays") || [])[(date.getUTCDay() + 6) % 7] || "";
  }

  function follow(input) {
    const money = input.dataset.money;
    const line = document.getElementById(money || input.dataset.date || "");
    if (line) line.textContent = money ? inWords(input.value) : dayOf(input.value);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-money], [data-date]")) follow(event.target);
  });
  document.addEventListener("wl:filled", () => document.querySelectorAll("[data-money], [data-date]").forEach(follow));
})();
