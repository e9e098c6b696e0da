// What pages can do beyond links and forms.  Every page is whole without it.
"use strict";
document.documentElement.classList.add("js");

// A stretch of months is chosen by dragging over the histogram.
for (const figure of document.querySelectorAll(".histogram")) {
  const bars = [...figure.querySelectorAll("rect.bar")];
  let from = null, dragged = false;
  const held = () => bars.filter((bar) => bar.classList.contains("held"));
  const barAt = (event) => bars.reduce((best, bar) => {
    const box = bar.getBoundingClientRect(), far = Math.abs(event.clientX - (box.left + box.width / 2));
    return best === null || far < best.far ? {bar, far} : best;
  }, null)?.bar;
  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.target.closest("svg")) return;
    from = bars.indexOf(barAt(event)); dragged = false;
  });
  figure.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = bars.indexOf(barAt(event));
    dragged = dragged || to !== from;
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    bars.forEach((bar, at) => bar.classList.toggle("held", dragged && at >= low && at <= high));
  });
  window.addEventListener("pointerup", () => {
    const chosen = held();
    if (from !== null && dragged && chosen.length) {
      location.href = figure.dataset.href
        .replace("SINCE", chosen[0].dataset.since).replace("UNTIL", chosen[chosen.length - 1].dataset.until);
    }
    from = null;
  });
  figure.addEventListener("click", (event) => { if (dragged) event.preventDefault(); }, true);
  figure.addEventListener("dragstart", (event) => event.preventDefault());
}

// "/" goes to the search field, as on many sites with much text.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("q");
  if (event.key === "/" && field && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    field.focus();
  }
});

// What is selected in a text leads to its block among all blocks of the page.
for (const reader of document.querySelectorAll("[data-blocks]")) {
  let link = null;
  document.addEventListener("selectionchange", () => {
    link?.remove();
    link = null;
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !reader.contains(selection.anchorNode)) return;
    const node = selection.anchorNode.nodeType === 1 ? selection.anchorNode : selection.anchorNode.parentElement;
    const block = node?.closest("[id^=b]");
    if (!block || !/^b\d+$/.test(block.id)) return;
    const box = selection.getRangeAt(0).getBoundingClientRect();
    link = document.createElement("a");
    link.className = "button to-block no-print";
    link.href = `${reader.dataset.blocks}#s${block.id.slice(1)}`;
    link.textContent = "This block, and why it is text";
    link.style.top = `${window.scrollY + box.bottom + 8}px`;
    link.style.left = `${Math.max(8, window.scrollX + box.left)}px`;
    document.body.append(link);
  });
}
