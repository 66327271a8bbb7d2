// One key a decision: the page stays where it is, the next proposal becomes current.
// Without this script every button is a plain form and the keys do nothing.
const status = document.getElementById("status");
const left = document.getElementById("left");
const undoForm = document.getElementById("undo");
const by = document.getElementById("by");
const items = () => [...document.querySelectorAll(".proposal:not(.gone)")];
let current = null;
let busy = Promise.resolve();

const point = (item, scroll = true) => {
  current?.classList.remove("current");
  current = item ?? null;
  if (!current) return;
  current.classList.add("current");
  current.focus({ preventScroll: true });
  if (scroll) current.scrollIntoView({ block: "center" });
};

const say = (text, isFault = false) => {
  status.textContent = text;
  status.setAttribute("role", isFault ? "alert" : "status");
};

const send = async (form, extra) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  if (by?.value) body.set("by", by.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
  const text = await answer.text();
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    told = { fault: text.trim() };
  }
  return { status: answer.status, told };
};

const decide = (item, decision) => {
  if (!item || item.dataset.sent) return;
  const form = item.querySelector("form.decide");
  const me = document.getElementById("me");
  if (me) {
    say(document.querySelector('label[for="me"]').textContent, true);
    me.focus();
    return;
  }
  item.dataset.sent = "1";
  const all = items();
  const next = all[all.indexOf(item) + 1] ?? all[all.indexOf(item) - 1];
  item.classList.add("gone");
  item.hidden = true;
  point(next);
  // One after the other: a decision is written before the next one is sent.
  busy = busy.then(async () => {
    const { status: code, told } = await send(form, { decision });
    if (code === 200) {
      say(told.told);
      left.textContent = told.left_said;
      if (!items().length) location.reload();
      return;
    }
    item.classList.remove("gone");
    item.hidden = false;
    delete item.dataset.sent;
    if (told.seen) form.querySelector('input[name="seen"]').value = told.seen;
    say(told.conflict ? `${told.item}: ${told.conflict} ${told.decision} ${told.by}` : told.fault, true);
    point(item);
  });
};

const undo = () => {
  busy = busy.then(async () => {
    const { status: code, told } = await send(undoForm, {});
    if (code !== 200) {
      say(told.fault ?? told.conflict, true);
      return;
    }
    say(told.told);
    left.textContent = told.left_said;
    const item = document.querySelector(`.proposal[data-item="${CSS.escape(told.item)}"]`);
    if (!item) {
      location.assign(`/review?told=${encodeURIComponent(told.told)}`);
      return;
    }
    item.querySelector('input[name="seen"]').value = told.seen;
    item.classList.remove("gone");
    item.hidden = false;
    delete item.dataset.sent;
    point(item);
  });
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form.decide") && event.submitter) {
    event.preventDefault();
    decide(form.closest(".proposal"), event.submitter.value);
  } else if (form === undoForm) {
    event.preventDefault();
    undo();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select")) return;
  const all = items();
  const place = all.indexOf(current);
  const actions = {
    a: () => decide(current, "accepted"),
    r: () => decide(current, "rejected"),
    s: () => decide(current, "skipped"),
    e: () => current && location.assign(current.querySelector("a.edit").href),
    u: undo,
    j: () => point(all[Math.min(place + 1, all.length - 1)]),
    k: () => point(all[Math.max(place - 1, 0)]),
  };
  const act = actions[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest(".proposal");
  if (item && item !== current) {
    current?.classList.remove("current");
    current = item;
    item.classList.add("current");
  }
});

const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
point(named ?? items()[0], Boolean(named));
