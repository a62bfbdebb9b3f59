// <a data-dialog href="…"> opens that page's #dialog over this one. Without this file the link leads to the page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("aria-disabled") === "true") return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": "dialog" } });
    if (!answer.ok || answer.headers.has("HX-Redirect")) throw new Error(answer.status);
    open(await answer.text(), link);
  } catch {
    window.location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
});

function open(html, opener) {
  const dialog = new DOMParser().parseFromString(html, "text/html").querySelector("dialog");
  if (!dialog) throw new Error("no dialog");
  dialog.removeAttribute("open");
  document.body.append(dialog);
  window.htmx?.process(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); opener.focus(); });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.showModal();
  dialog.querySelector("h2[tabindex]")?.focus(); // so that Enter alone sends nothing
}
