// Files dropped on .upload go into its file field; the names are listed, and sending shows how far it is.
for (const area of document.querySelectorAll("[data-upload]")) {
  const field = area.querySelector("input[type=file]");
  const list = area.querySelector("[data-files]");
  const form = area.closest("form");
  const bytes = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const size = (octets) => (octets < 1048576 ? `${bytes.format(Math.ceil(octets / 1024))} KB` : `${bytes.format(octets / 1048576)} MB`);

  const show = () => {
    if (!list) return;
    list.replaceChildren(...[...field.files].slice(0, 20).map((file) => {
      const line = document.createElement("li");
      for (const text of [file.name, size(file.size)]) line.append(Object.assign(document.createElement("span"), { textContent: text }));
      return line;
    }));
    if (field.files.length > 20) list.append(Object.assign(document.createElement("li"), { textContent: `+ ${field.files.length - 20}` }));
  };
  for (const name of ["dragenter", "dragover"]) area.addEventListener(name, (event) => { event.preventDefault(); area.dataset.over = ""; });
  for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => { delete area.dataset.over; });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", show);
  form?.addEventListener("htmx:xhr:progress", (event) => {
    const bar = area.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.max = event.detail.total;
    bar.value = event.detail.loaded;
  });
}
