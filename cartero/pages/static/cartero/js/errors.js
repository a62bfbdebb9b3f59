// The summary of a refused form takes the focus, on a page and after a swap; a busy button says so.
const focus = (root) => root.querySelector?.("[data-focus]")?.focus();

focus(document);
document.addEventListener("htmx:afterSettle", (event) => focus(event.detail.elt));

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.target.method === "dialog") return;
  setTimeout(() => { // only when it takes a while
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.lastChild.textContent = button.dataset.busy;
  }, 300);
});
window.addEventListener("pageshow", () => document.querySelectorAll("[aria-busy=true]").forEach((one) => one.removeAttribute("aria-busy")));
