// The back arrow leads to the list as she left it, down to where it was scrolled.
const place = () => `scroll ${location.pathname}${location.search}`;
addEventListener("pagehide", () => sessionStorage.setItem(place(), scrollY));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) sessionStorage.setItem("back", "yes");
});
if (sessionStorage.getItem("back")) scrollTo(0, sessionStorage.getItem(place()) ?? 0);
sessionStorage.removeItem("back");
