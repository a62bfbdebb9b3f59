// Ticking rows: one box ticks the page, the bar counts and adds up (data-amount, each data-currency apart), Shift ticks a range.
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-rows] .pick input[type=checkbox]")) return;
  const table = box.closest("[data-rows]");
  const boxes = [...table.querySelectorAll("tbody .pick input[type=checkbox]")];
  if (box.closest("thead")) boxes.forEach((other) => { other.checked = box.checked; });
  else if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box;
  count(table, boxes);
});

function count(table, boxes) {
  const ticked = boxes.filter((box) => box.checked);
  const head = table.querySelector("thead .pick input");
  if (head) {
    head.checked = ticked.length === boxes.length && boxes.length > 0;
    head.indeterminate = ticked.length > 0 && !head.checked;
  }
  const whole = new Intl.NumberFormat("es-CO"); // as the server writes them, whatever the language of the words
  const cents = new Intl.NumberFormat("es-CO", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  for (const place of table.querySelectorAll("[data-count]")) place.textContent = whole.format(ticked.length);
  const sums = new Map();
  for (const { dataset: { amount = 0, currency = "COP" } } of ticked) sums.set(currency, (sums.get(currency) ?? 0) + Number(amount));
  const written = [...sums].map(([currency, sum]) => `${currency === "COP" ? "$" : currency} ${cents.format(sum)}`);
  for (const place of table.querySelectorAll("[data-sum]")) place.textContent = written.join(" + ");
}
