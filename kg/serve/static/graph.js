// Arrow keys walk from mark to mark of the drawing that is shown; without script, Tab does.
const marks = () => [...document.querySelectorAll("svg.ledger a.mark")].filter((mark) => mark.getBoundingClientRect().width > 0);
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = document.activeElement;
  if (!step || !here?.matches("svg.ledger a.mark")) return;
  const all = marks();
  const next = all[all.indexOf(here) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
