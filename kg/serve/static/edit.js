// Takes the words selected in the text as the passage, by mouse or keyboard. Places are counted in
// code points of the text itself: a sign that the page spells out counts for what it stands for.
const text = document.getElementById("source-text");
const take = document.getElementById("take");
const more = document.getElementById("take-more");
const quote = document.getElementById("e-quote");
const at = document.getElementById("at");
const how = document.getElementById("how");
const JOIN = " […] ";

const points = (words) => [...words].length;

// How many characters of the text stand before a border of a selection; within a sign, before it
// for the beginning and after it for the end.
const placeOf = (node, offset, isEnd) => {
  const border = document.createRange();
  border.setStart(node, offset);
  let count = 0;
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const piece = walk.currentNode;
    const sign = piece.parentElement.closest("[data-stands-for]");
    const length = sign ? Number(sign.dataset.standsFor) : points(piece.data);
    if (border.comparePoint(piece, piece.length) <= 0) {
      count += length;
      continue;
    }
    if (border.comparePoint(piece, 0) < 0 && node === piece) {
      if (!sign) count += points(piece.data.slice(0, offset));
      else if (isEnd) count += length;
    }
    break;
  }
  return count;
};

// The pieces of the text as they are counted: what is shown, and how many characters it stands for.
const shownBetween = (start, end) => {
  let count = 0;
  let words = "";
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && count < end) {
    const piece = walk.currentNode;
    const sign = piece.parentElement.closest("[data-stands-for]");
    if (sign) {
      if (count >= start) words += piece.data;
      count += Number(sign.dataset.standsFor);
    } else {
      const all = [...piece.data];
      words += all.slice(Math.max(start - count, 0), Math.max(end - count, 0)).join("");
      count += all.length;
    }
  }
  return words;
};

const selected = () => {
  const selection = getSelection();
  if (!selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  let start = placeOf(range.startContainer, range.startOffset, false);
  let end = placeOf(range.endContainer, range.endOffset, true);
  while (start < end && !shownBetween(start, start + 1).trim()) start += 1;
  while (end > start && !shownBetween(end - 1, end).trim()) end -= 1;
  return start < end ? { start, end, words: shownBetween(start, end) } : null;
};

const takeSelection = (isMore) => {
  const found = selected();
  if (!found) return;
  const place = `${found.start}-${found.end}`;
  quote.value = isMore && at.value ? quote.value + JOIN + found.words : found.words;
  at.value = isMore && at.value ? `${at.value},${place}` : place;
  more.hidden = false;
  quote.scrollIntoView({ block: "nearest" });
};

if (text) {
  take.hidden = false;
  how.textContent = how.dataset.live;
  // A caret that changes nothing: arrows move it, Shift selects, as in any text.
  text.contentEditable = "true";
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  text.setAttribute("aria-readonly", "true");
  text.setAttribute("inputmode", "none");
  text.spellcheck = false;
  for (const name of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
    text.addEventListener(name, (event) => event.preventDefault());
  }
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    takeSelection(event.shiftKey);
  });
  take.addEventListener("click", () => takeSelection(false));
  more.addEventListener("click", () => takeSelection(true));
  // A button that took the focus would take the selection with it.
  for (const button of [take, more]) button.addEventListener("mousedown", (event) => event.preventDefault());
  quote.addEventListener("input", () => {
    at.value = "";
    more.hidden = true;
  });
  more.hidden = !at.value;
  const passage = document.getElementById("passage");
  const goToPassage = () => {
    text.scrollTop = passage.getBoundingClientRect().top - text.getBoundingClientRect().top + text.scrollTop - text.clientHeight / 3;
  };
  if (passage) {
    goToPassage();
    // Who comes by Tab begins at the passage; a mouse says itself where.
    let byTab = false;
    document.addEventListener("keydown", (event) => {
      byTab = event.key === "Tab";
    });
    document.addEventListener("pointerdown", () => {
      byTab = false;
    });
    text.addEventListener("focus", () => {
      if (byTab) getSelection().collapse(passage, 0);
    });
    document.querySelector('a[href="#passage"]').addEventListener("click", (event) => {
      event.preventDefault();
      goToPassage();
      getSelection().collapse(passage, 0);
      text.focus({ preventScroll: true });
    });
  }
}
