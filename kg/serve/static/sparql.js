// Ctrl + Enter asks; choosing a named query shows it at once.
const own = document.getElementById("own");
document.getElementById("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) own.requestSubmit(own.querySelector("button"));
});
const named = document.getElementById("named");
named.addEventListener("change", () => named.form.requestSubmit());
