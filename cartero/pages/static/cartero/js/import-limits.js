// Too many or too heavy files are told of before they are sent. The server says the same.
const form = document.querySelector("form[data-most-bytes]");
const field = form?.querySelector("input[type=file]");
const told = form?.querySelector("[data-limits]");
const megabytes = (octets) => `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(octets / 1048576)} MB`;

field?.addEventListener("change", () => {
  const files = [...field.files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const [most, many] = [Number(form.dataset.mostBytes), Number(form.dataset.mostFiles)];
  let text = "";
  if (files.length > many) text = told.dataset.many.replace("{count}", files.length).replace("{most}", many);
  else if (size > most) text = told.dataset.large.replace("{size}", megabytes(size)).replace("{most}", megabytes(most));
  told.textContent = text;
  told.hidden = !text;
  field.setCustomValidity(text);
});
