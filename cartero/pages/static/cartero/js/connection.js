// When Cartero does not answer: a bar that says so and tries again by itself. The page and what she typed stay.
const bar = document.getElementById("lost");
if (bar) {
  const text = bar.querySelector("[data-countdown]");
  let left = 0;
  let wait = 5;
  let timer = null;

  const show = () => { text.textContent = text.dataset.text.replace("{}", left); };
  const back = () => { bar.hidden = true; wait = 5; clearInterval(timer); timer = null; };
  const ask = async () => {
    try {
      const answer = await fetch(bar.dataset.alive, { method: "HEAD", cache: "no-store" });
      if (answer.status < 500) { back(); document.body.dispatchEvent(new Event("connection-back")); return; }
    } catch { /* still away */ }
    wait = Math.min(wait * 2, 60);
    left = wait;
    show();
  };
  const lost = () => {
    if (timer) return;
    left = wait;
    bar.hidden = false;
    show();
    timer = setInterval(() => { left -= 1; if (left <= 0) ask(); else show(); }, 1000);
  };

  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  window.addEventListener("offline", lost);
  bar.querySelector("[data-retry]").addEventListener("click", ask);
  document.addEventListener("htmx:afterOnLoad", () => { if (timer) back(); });
}
