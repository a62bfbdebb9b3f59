// <select data-submits> sends its form by itself, so its button is not needed.
for (const select of document.querySelectorAll("select[data-submits]")) {
  const button = select.form.querySelector("button[type=submit]");
  if (button) button.hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit());
}
