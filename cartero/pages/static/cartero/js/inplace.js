// Editing in place: Esc leaves the row as it was, and the focus stays in the row that was changed.
let row = null;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest("[data-editing]")?.querySelector("[data-cancel]")?.click();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const panel = event.target.closest("section[id], [data-dims][id]");
  row = panel && { id: event.target.closest("li[id], tr[id]")?.id, panel: panel.id };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!row || document.activeElement !== document.body) return;
  const place = row.id && document.getElementById(row.id)?.querySelector("a, button, summary");
  (place ?? document.querySelector(`#${row.panel} h2`))?.focus();
});
