// A strip of choices scrolls inside itself on a phone: the current one is brought into view.
function show(strip) {
  const current = strip.querySelector("[aria-current], :has(:checked)")?.getBoundingClientRect();
  const all = strip.getBoundingClientRect();
  if (current && current.right > all.right) strip.scrollLeft += current.right - all.right + all.width / 4;
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".segments").forEach(show));
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.(".segments").forEach(show));
