// Ctrl + Enter asks; a named query is shown by its button, since arrow keys change the choice too.
const own = document.getElementById("own");
document.getElementById("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) own.requestSubmit(own.querySelector("button"));
});
