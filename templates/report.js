// Sorts, filters and saves the tables of the page. Everything stands there without it.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, text, className) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // What a cell says, and apart from it the smaller line below: an interval or a note.
  const parts = (cell) => {
    const first = cell.cloneNode(true);
    const below = all(".h, small", first);
    below.forEach((one) => one.remove());
    return [first.textContent.trim(), below.map((one) => one.textContent.trim()).join("; ")];
  };
  const number = (text) => {
    const plain = text.replace(/[,\u00a0\s%]/g, "").replace("\u2212", "-");
    return /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
  };

  const sort = (table, place, head) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => {
      const text = parts(row.cells[place])[0];
      return { row, text, number: number(text) };
    });
    // What has no number stands last, whichever way the rest is sorted.
    rows.sort((a, b) => {
      if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
      const order = a.number === null ? a.text.localeCompare(b.text) : a.number - b.number;
      return up ? order : -order;
    });
    body.append(...rows.map((one) => one.row));
  };

  // A text that a spreadsheet would compute gets an apostrophe; a number stays one.
  const field = (text) => {
    const value = number(text);
    let plain = value === null ? text : String(value);
    if (value === null && /^\s*[=+\-@\t\r]/.test(plain)) plain = "'" + plain;
    return /[",\r\n]/.test(plain) ? '"' + plain.replaceAll('"', '""') + '"' : plain;
  };
  const csv = (table) => {
    const heads = all("thead th", table).map((head) => head.dataset.title);
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map(parts));
    const noted = heads.map((_, place) => rows.some((row) => row[place] && row[place][1]));
    const line = (cells) => cells.map(field).join(",");
    const columns = heads.flatMap((head, place) => (noted[place] ? [head, head + " (below)"] : [head]));
    const body = rows.map((row) =>
      line(row.flatMap((cell, place) => (noted[place] ? cell : [cell[0]]))));
    return [line(columns), ...body, ""].join("\r\n");
  };
  const save = (table, caption) => {
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv(table)], { type: "text/csv" }));
    link.download = caption.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60) + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  for (const table of all("table")) {
    const caption = table.caption.textContent.trim();
    all("thead th", table).forEach((head, place) => {
      head.dataset.title = head.textContent.trim();
      if (table.tBodies[0].rows.length < 5) return;
      const button = make("button", head.dataset.title, "sort");
      button.type = "button";
      button.addEventListener("click", () => sort(table, place, head));
      head.replaceChildren(button);
    });
    const button = make("button", "CSV", "save");
    button.type = "button";
    button.setAttribute("aria-label", "Save as CSV: " + caption);
    button.addEventListener("click", () => save(table, caption));
    table.caption.append(" ", button);
  }

  // A filter over the findings: rows and passes that hold every word stay.
  const section = document.getElementById("findings");
  const findings = all("tr[id], .passes li", section);
  if (findings.length > 10) {
    const label = make("label", "Filter findings ", "filter");
    const input = make("input", "");
    input.type = "search";
    const said = make("output", "");
    label.append(input, " ", said);
    section.querySelector("h3").before(label);
    const texts = findings.map((one) => {
      const under = one.parentElement.dataset.under || "";
      return (one.textContent + " " + under).toLowerCase();
    });
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      findings.forEach((one, place) => {
        one.hidden = !words.every((word) => texts[place].includes(word));
        shown += one.hidden ? 0 : 1;
      });
      all("details", section).forEach((one) => {
        one.open = words.length > 0 && one.querySelector("tr[id]:not([hidden]), li:not([hidden])") !== null;
      });
      said.textContent = words.length ? shown + " of " + findings.length : "";
    });
  }

  // Whoever follows a link to a finding sees it, however deep it is folded.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
