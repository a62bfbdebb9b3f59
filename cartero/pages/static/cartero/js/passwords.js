// Says under a password that Caps Lock is on.
const note = document.querySelector("[data-caps]");
if (note) {
  document.addEventListener("keyup", (event) => {
    if (!event.target.matches?.("input[type=password]")) return;
    note.textContent = event.getModifierState?.("CapsLock") ? note.dataset.caps : "";
  });
}
