// A toast goes after 10 seconds, but not while the pointer or the focus is on it.
const corner = document.getElementById("toasts");
if (corner) {
  const arm = (toast) => {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "yes";
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), 10000); };
    const stop = () => clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, () => { stop(); start(); });
    const dismiss = toast.querySelector("[data-dismiss]");
    dismiss?.addEventListener("click", () => toast.remove());
    if (dismiss) dismiss.hidden = false;
    if (!toast.matches(":is(:hover, :focus-within)")) start(); // the pointer may have come before this file
  };
  const all = () => corner.querySelectorAll("[data-toast]").forEach(arm);
  new MutationObserver(all).observe(corner, { childList: true });
  all();
  // It never covers the field she is in.
  document.addEventListener("focusin", (event) => {
    if (corner.contains(event.target) || !corner.childElementCount) return;
    const field = event.target.getBoundingClientRect();
    const toasts = corner.getBoundingClientRect();
    corner.toggleAttribute("data-above", field.bottom > toasts.top && field.right > toasts.left);
  });
}
