// Ties a marked passage to its card: whichever is under the pointer or focused lights the other up.
const marks = [...document.querySelectorAll("mark[data-q]")];
const light = (keys, on) => {
  for (const mark of marks) {
    if (mark.dataset.q.split(" ").some((key) => key && keys.includes(key))) mark.classList.toggle("on", on);
  }
  for (const key of keys) document.getElementById(`q-${key}`)?.classList.toggle("on", on);
};
for (const mark of marks) {
  const keys = mark.dataset.q.trim().split(" ");
  mark.addEventListener("mouseenter", () => light(keys, true));
  mark.addEventListener("mouseleave", () => light(keys, false));
}
for (const card of document.querySelectorAll(".beside-text .quote")) {
  const key = [card.id.replace(/^q-/, "")];
  for (const name of ["mouseenter", "focusin"]) card.addEventListener(name, () => light(key, true));
  for (const name of ["mouseleave", "focusout"]) card.addEventListener(name, () => light(key, false));
}
