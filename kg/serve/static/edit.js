// Takes the words selected in the text as the passage, with their place counted in code points.
const text = document.getElementById("source-text");
const take = document.getElementById("take");
const quote = document.getElementById("e-quote");
const at = document.getElementById("at");

if (text) {
  take.hidden = false;
  take.addEventListener("click", () => {
    const selection = getSelection();
    if (!selection.rangeCount || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const words = range.toString();
    if (!words.trim()) return;
    const lead = [...words].length - [...words.trimStart()].length;
    const start = [...before.toString()].length + lead;
    const chosen = words.trim();
    quote.value = chosen;
    at.value = `${start}-${start + [...chosen].length}`;
  });
  quote.addEventListener("input", () => {
    at.value = "";
  });
}
