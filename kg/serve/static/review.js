// One key a decision: the page stays where it is, the next proposal becomes current.
// Without this script every button is a plain form and the keys do nothing.
const status = document.getElementById("status");
const left = document.getElementById("left");
const log = document.getElementById("log");
const cards = document.getElementById("cards");
const undoForm = document.getElementById("undo");
const bulk = document.getElementById("bulk");
const by = document.getElementById("by");
const items = () => [...document.querySelectorAll(".proposal:not(.gone)")];
const MOMENT = 800;
let current = null;
let busy = Promise.resolve();

const live = (part) => {
  for (const key of part.querySelectorAll("kbd[hidden], .keys[hidden]")) key.hidden = false;
};

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
  status.classList.toggle("fault", isFault);
  status.setAttribute("role", isFault ? "alert" : "status");
};

// What may be decided at once is what can be seen, as it was seen; the numbers say how many.
const count = () => {
  if (!bulk) return;
  const shown = items().length;
  bulk.hidden = shown < 2;
  for (const button of bulk.querySelectorAll("[data-many]")) {
    button.textContent = button.dataset.many.replace("{n}", shown);
  }
};

const sent = (form, extra) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  if (by?.value) body.set("by", by.value);
  return body;
};

const send = async (form, extra) => {
  const headers = { accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: sent(form, extra), headers });
  const text = await answer.text();
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    told = { fault: text.trim() };
  }
  return { status: answer.status, told };
};

const renew = (told) => {
  if (told.left_said) left.textContent = told.left_said;
  if (told.history) log.innerHTML = told.history;
  count();
};

// Puts a card in the place of the one that was there, as the record stands now.
const redraw = (item, told) => {
  const made = document.createElement("template");
  made.innerHTML = told.card.trim();
  const card = made.content.firstElementChild;
  live(card);
  item.replaceWith(card);
  return card;
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
  if (performance.now() - Number(item.dataset.changed ?? -MOMENT) < MOMENT) {
    say(cards.dataset.changed, true);
    return;
  }
  item.dataset.sent = "1";
  const all = items();
  const next = all[all.indexOf(item) + 1] ?? all[all.indexOf(item) - 1];
  item.classList.add("gone");
  item.hidden = true;
  point(next);
  count();
  // One after the other: a decision is written before the next one is sent.
  busy = busy.then(async () => {
    const { status: code, told } = await send(form, { decision });
    if (code === 200) {
      say(told.told);
      renew(told);
      if (!items().length) location.reload();
      return;
    }
    let card = item;
    if (told.card) {
      // Somebody else was first: what they left is shown before any key counts again.
      card = redraw(item, told);
      card.dataset.changed = performance.now();
    } else {
      item.classList.remove("gone");
      item.hidden = false;
      delete item.dataset.sent;
    }
    renew(told);
    say(told.conflict ?? told.fault, true);
    point(card);
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
    const item = document.querySelector(`.proposal[data-item="${CSS.escape(told.item)}"]`);
    if (!item) {
      location.assign(`/review?state=all&only=${encodeURIComponent(told.item)}&told=undone&on=${encodeURIComponent(told.item)}`);
      return;
    }
    const card = redraw(item, told);
    renew(told);
    point(card);
  });
};

const decideShown = (form, decision) => {
  busy = busy.then(() => {
    for (const field of form.querySelectorAll('[name="items"], [name="decision"][type="hidden"], [name="by"]')) field.remove();
    const add = (name, value) => {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    };
    for (const item of items()) {
      const seen = item.querySelector('input[name="seen"]').value;
      add("items", `${item.dataset.item}|${seen}`);
    }
    add("decision", decision);
    if (by?.value) add("by", by.value);
    form.submit();
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
  } else if (bulk?.contains(form) && event.submitter) {
    event.preventDefault();
    decideShown(form, event.submitter.value);
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
  if (!act) return;
  event.preventDefault();
  // A key held down walks, and decides once.
  if (event.repeat && !"jk".includes(event.key)) return;
  act();
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest(".proposal");
  if (item && item !== current) {
    current?.classList.remove("current");
    current = item;
    item.classList.add("current");
  }
});

live(document);
count();
const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
point(named?.matches(".proposal") ? named : items()[0], Boolean(named?.matches(".proposal")));
