// How well a name fits what was typed: letters in order, better at the beginnings of words and next to each other.

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const isStart = (text, at) => at === 0 || /[\s#@.:/_-]/.test(text[at - 1]);

// 0 when it does not fit; the higher the better.
export function score(name, typed) {
  const text = fold(name);
  const wanted = fold(typed);
  if (!wanted) return 1;
  const whole = text.indexOf(wanted);
  if (whole >= 0) return 1000 - whole + (isStart(text, whole) ? 500 : 0) - text.length / 100;
  let at = -1;
  let sum = 100;
  for (const letter of wanted.replace(/\s+/g, "")) {
    const next = text.indexOf(letter, at + 1);
    // Letters strewn over a name are no abbreviation of it: the first begins a word.
    if (next < 0 || (at < 0 && !isStart(text, next))) return 0;
    if (next === at + 1) sum += 8;
    else if (isStart(text, next)) sum += 12;
    else sum -= Math.min(12, next - at);
    at = next;
  }
  return sum >= 100 ? sum : 0;
}

// Where a row can be found by several texts, the name counts most.
export function best(texts, typed) {
  return Math.max(...texts.filter(Boolean).map((text, place) => score(text, typed) * (place ? 0.6 : 1)), 0);
}
