// Comodines: inserted from the strip, from "Todos", or by typing "{{"; each is coloured, an unknown one in red at once.
const words = JSON.parse(document.getElementById("editor-words")?.textContent ?? "{}");
window.gettext = (word) => words[word] ?? word; // django-prose-editor asks for its words here

const TEXT = ".ProseMirror[contenteditable]"; // its menus wear the class too
const OPEN = "{{";
const BRACED = /\{\{[^{}]*\}\}/g;
const editors = new Map(); // the box of an editor -> TipTap's editor
let last = null; // what comodines go into: an input, or the box of an editor

document.addEventListener("prose-editor:ready", (event) => {
  const { editor, textarea } = event.detail;
  const box = textarea.closest("[data-editor]");
  if (!box) return;
  editors.set(box, editor);
  last ??= box;
  const label = textarea.labels[0];
  const text = box.querySelector(TEXT);
  for (const name of ["aria-describedby", "aria-invalid"]) if (textarea.hasAttribute(name)) text.setAttribute(name, textarea.getAttribute(name));
  if (label) {
    label.id ||= `${textarea.id}_label`;
    text.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => editor.commands.focus());
  }
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  box.querySelectorAll("[data-merge-bar]").forEach((part) => { part.hidden = false; });
  for (const button of box.querySelectorAll(".prose-menubar [data-name]")) {
    button.title = words[button.dataset.name] ?? button.title;
    button.setAttribute("aria-label", button.title);
  }
  editor.on("update", () => { colour(); offer(box, editor); });
  colour();
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-merge-into]")) last = target;
  else if (target.matches(TEXT)) last = target.closest("[data-editor]");
});

document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-merge]")) event.preventDefault(); // the caret stays where it is
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-merge]");
  if (!button) return;
  const menu = button.closest("details");
  if (menu) menu.open = false;
  insert(`{{ ${button.dataset.merge} }}`);
});

function insert(text) {
  const editor = editors.get(last);
  if (!editor) {
    if (last) typed(last, text);
    return;
  }
  const { from } = editor.state.selection;
  const chain = editor.chain().focus();
  (written(editor.state) ? chain.deleteRange({ from: from - 2, to: from }) : chain).insertContent({ type: "text", text }).run();
}

function written(state) {
  const $from = state?.selection.$from;
  return $from?.parent.textBetween(Math.max(0, $from.parentOffset - 2), $from.parentOffset) === OPEN;
}

function typed(input, text) {
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function offer(box, editor) {
  if (!written(editor.state)) return;
  const menu = box.querySelector("[data-all]");
  menu.open = true;
  menu.querySelector("[data-merge]").focus();
}

// In the menu the arrows move and letters search. A space says that she writes the comodín herself: back to the text.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest("[data-all] .menu__list");
  if (!list) return;
  if (event.key === " " && written(editors.get(last)?.state)) {
    event.preventDefault();
    list.closest("details").open = false;
    editors.get(last).chain().focus().insertContent({ type: "text", text: " " }).run();
    return;
  }
  const buttons = [...list.querySelectorAll("[data-merge]")];
  const at = buttons.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = step ? buttons.at((at + step) % buttons.length)
    : event.key.length === 1 ? [...buttons.slice(at + 1), ...buttons].find((one) => one.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase())) : null;
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// Ranges are painted, the text stays text. Browsers without this paint nothing.
function colour() {
  if (!CSS.highlights) return;
  const known = new Highlight();
  const unknown = new Highlight();
  for (const box of editors.keys()) {
    const names = new Set([...box.parentElement.querySelector("[data-merge-names]").content.children].map((one) => one.textContent));
    const walker = document.createTreeWalker(box.querySelector(TEXT), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const found of walker.currentNode.data.matchAll(BRACED)) {
        const range = new StaticRange({ startContainer: walker.currentNode, startOffset: found.index, endContainer: walker.currentNode, endOffset: found.index + found[0].length });
        (names.has(found[0].slice(2, -2).trim().toLowerCase()) ? known : unknown).add(range);
      }
    }
  }
  CSS.highlights.set("merge", known);
  CSS.highlights.set("merge-unknown", unknown);
}
