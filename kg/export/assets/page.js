"use strict";
// Opens a mark's quote in a side panel, keeps the page's language tag true, filters the table.
// Without this script every mark is still a link to its quote in the list.
(() => {
  const panel = document.getElementById("panel");
  const holder = document.getElementById("panel-quote");
  const name = document.getElementById("panel-name");
  const inList = document.getElementById("in-list");
  const buttons = {
    previous: document.getElementById("previous"),
    next: document.getElementById("next"),
  };
  let opener = null;

  // What lies in a closed fold has a box all the same; checkVisibility knows better.
  const isShown = (element) =>
    element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
  const target = (mark) => document.getElementById(mark.getAttribute("href").slice(1));

  // The marks one can walk through: those of the same drawing or table that are shown.
  const siblings = (mark) => {
    const field = mark.closest("svg.ledger, table");
    return [...field.querySelectorAll("a.mark")].filter(isShown);
  };

  const fill = (quote) => {
    const copy = quote.cloneNode(true);
    copy.removeAttribute("id");
    const article = quote.closest(".article");
    const heading = [];
    if (article) {
      heading.push(article.querySelector(".from").cloneNode(true));
      const title = document.createElement("p");
      title.className = "title";
      title.textContent = article.querySelector("h3").textContent;
      title.lang = article.querySelector("h3").lang;
      title.dir = "auto";
      heading.push(title);
    }
    holder.replaceChildren(...heading, copy);
    inList.setAttribute("href", "#" + quote.id);
  };

  const open = (mark) => {
    const quote = target(mark);
    if (!quote) return;
    if (opener) opener.classList.remove("on");
    opener = mark;
    mark.classList.add("on");
    fill(quote);
    const walk = siblings(mark);
    buttons.previous.disabled = walk.indexOf(mark) <= 0;
    buttons.next.disabled = walk.indexOf(mark) >= walk.length - 1;
    if (!panel.open) panel.show();
    panel.scrollTop = 0;
    name.focus({ preventScroll: true });
  };

  const step = (by) => {
    const walk = siblings(opener);
    const mark = walk[walk.indexOf(opener) + by];
    if (!mark) return;
    mark.scrollIntoView({ block: "center" });
    open(mark);
  };

  const close = (returnFocus) => {
    if (!panel.open) return;
    panel.close();
    if (!opener) return;
    opener.classList.remove("on");
    if (returnFocus && isShown(opener)) opener.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.mark");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!target(mark)) return;
    event.preventDefault();
    open(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) {
      event.preventDefault();
      close(true);
    }
  });
  document.getElementById("close").addEventListener("click", () => close(true));
  buttons.previous.addEventListener("click", () => step(-1));
  buttons.next.addEventListener("click", () => step(1));
  inList.addEventListener("click", () => close(false));

  for (const choice of document.querySelectorAll("input[name=language]")) {
    choice.addEventListener("change", () => {
      document.documentElement.lang = choice.value;
      close(false);
    });
  }

  // What an address or a printer asks for is unfolded, where the browser does not do it itself.
  const unfold = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.localName === "details") at.open = true;
    }
  };
  const follow = () => {
    const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!wanted) return;
    unfold(wanted);
    wanted.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  if (location.hash) follow();
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.part, details.quotes")) fold.open = true;
  });

  const filter = document.getElementById("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("table.claims tbody tr")];
    const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    // The outlets a row carries are part of what can be looked for; absent ones are not.
    const words = rows.map((row) => fold(row.textContent));
    const nothing = document.querySelector(".nothing");
    filter.closest(".filter").hidden = false;
    filter.addEventListener("input", () => {
      unfold(document.querySelector("#table details.part"));
      const wanted = fold(filter.value.trim()).split(/\s+/);
      let shown = 0;
      rows.forEach((row, index) => {
        row.hidden = !wanted.every((word) => words[index].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      nothing.hidden = shown > 0;
    });
  }
})();
