// "/" goes to the search; Ctrl+Enter sends the form; in a list of radios Enter opens the row.
const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]");

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(at)) {
    const search = document.querySelector("[data-search]");
    if (!search?.offsetParent) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = at.closest("form");
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Enter" && at.matches("[data-opens] input[type=radio]")) {
    event.preventDefault();
    const open = () => document.querySelector(at.closest("[data-opens]").dataset.opens)?.click();
    if (document.querySelector(`[inert] ${at.closest("[data-opens]").dataset.opens}`)) document.addEventListener("htmx:afterSettle", open, { once: true });
    else open();
  }
});

// Until the options of the row she chose are here, those of the row before do nothing.
for (const [moment, inert] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(moment, ({ target, detail }) => { if (target.matches?.("[data-opens]")) detail.target.inert = inert; });
}

// What is off still takes the focus, and says why beside it; it does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled=true]")) { event.preventDefault(); event.stopPropagation(); }
}, true);
