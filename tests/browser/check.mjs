// Opens a page as its readers do and writes what is wrong with it as JSON: faults by check.
// node check.mjs CHROMIUM PAGE PDFTOTEXT AXE; an empty path leaves out what it is for.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { start } from "./chromium.mjs";

const [program, page, reader, axe] = process.argv.slice(2);
const url = pathToFileURL(page).href;
const faults = {};
const started = Date.now();
const step = (what) => console.error(`${((Date.now() - started) / 1000).toFixed(1)} s: ${what}`);
const fault = (check, text) => (faults[check] ??= []).push(text);
const browser = await start(program);
const { call, evaluate, open } = browser;

browser.on(({ method, params }) => {
  if (method === "Log.entryAdded" && params.entry.level !== "verbose") fault("console", params.entry.text);
  if (method === "Runtime.consoleAPICalled") fault("console", JSON.stringify(params.args));
  if (method === "Runtime.exceptionThrown") fault("console", JSON.stringify(params.exceptionDetails));
  if (method === "Network.requestWillBeSent" && !/^(blob:|about:)/.test(params.request.url)
    && params.request.url.split("#")[0] !== url) fault("network", params.request.url);
  if (method === "Page.javascriptDialogOpening") fault("hostile", params.message);
});
for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
const size = (width, height) => call("Emulation.setDeviceMetricsOverride", {
  width, height, deviceScaleFactor: 1, mobile: false,
});
const media = (type, scheme = "light") => call("Emulation.setEmulatedMedia", {
  media: type, features: [{ name: "prefers-color-scheme", value: scheme }],
});

// What stands on the page must not depend on the script.
const text = `[...document.querySelectorAll("td, th, li, p, dd, dt")].length`;
await call("Emulation.setScriptExecutionDisabled", { value: true });
await open(url);
const without = await evaluate(text);
await call("Emulation.setScriptExecutionDisabled", { value: false });
await open(url);
const withScript = await evaluate(text);
if (without !== withScript) fault("script", `${without} places without the script, ${withScript} with it`);
if (await evaluate(`document.scripts.length`) !== 1) fault("hostile", "a name became a script");

step("widths");
for (const [width, height] of [[390, 844], [768, 1024], [1280, 900]]) {
  await size(width, height);
  await open(url);
  const seen = await evaluate(`(() => {
    const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
    const wide = [...document.querySelectorAll("body *")].filter((one) =>
      !one.closest(".scroll, .h, .skip, pre, svg") && one.getBoundingClientRect().right > innerWidth + 1);
    return {
      wide: document.documentElement.scrollWidth > innerWidth ? wide.map((one) => one.outerHTML.slice(0, 80)) : [],
      verdict: box("h1").bottom < innerHeight && box(".outcome").bottom < innerHeight,
      answer: box(".answers section .m") ? box(".answers section").top < innerHeight : true,
      picture: box(".picture svg.plot") ? box(".picture svg.plot").bottom < innerHeight : true,
    };
  })()`);
  if (seen.wide.length) fault("width", `${width} px: ${seen.wide.slice(0, 3)}`);
  if (!seen.verdict || !seen.answer) fault("first", `${width} px: the verdict is not on the first screen`);
  if (width === 1280 && !seen.picture) fault("first", "the picture is not on the first screen");
}

step("keyboard");
// Every control that can be seen is reached by Tab.
await evaluate(`document.querySelectorAll("a[href], button, summary, input, [tabindex='0']").forEach((one, place) =>
  one.dataset.stop = place)`);
const wanted = await evaluate(`[...document.querySelectorAll("[data-stop]")].filter((one) =>
  one.checkVisibility({ contentVisibilityAuto: true })).map((one) => one.dataset.stop)`);
await evaluate(`globalThis.reached = []; document.activeElement.blur(); scrollTo(0, 0);
  addEventListener("focusin", ({ target }) => reached.push(target.dataset.stop ?? ""))`);
for (let press = 0; press < wanted.length + 5; press++) {
  await call("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 });
}
const reached = new Set(await evaluate("reached"));
const missed = wanted.filter((stop) => !reached.has(stop));
if (missed.length) {
  const what = await evaluate(`document.querySelector("[data-stop='${missed[0]}']").outerHTML.slice(0, 120)`);
  fault("keyboard", `${missed.length} of ${wanted.length} not reached, such as ${what}`);
}

step("script");
// The script: sorting, filtering, saving, and links to findings.
await open(url);
const script = await evaluate(`(async () => {
  const wrong = [];
  const number = (text) => Number(text.replace(/[,\\u00a0%\\s]/g, "").replace("\\u2212", "-"));
  for (const button of document.querySelectorAll("th.n .sort")) {
    const head = button.parentElement, table = head.closest("table");
    button.click();
    const values = [...table.tBodies[0].rows]
      .map((row) => row.cells[head.cellIndex]?.firstChild?.textContent ?? "").map(number)
      .filter((value) => !Number.isNaN(value));
    if (values.some((value, place) => place && value < values[place - 1])) wrong.push("sorting " + table.caption.textContent);
    if (head.getAttribute("aria-sort") !== "ascending") wrong.push("aria-sort");
  }
  const blobs = [];
  const create = URL.createObjectURL;
  URL.createObjectURL = (blob) => { blobs.push(blob); return create.call(URL, blob); };
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function () {};
  document.querySelectorAll(".save").forEach((button) => button.click());
  HTMLAnchorElement.prototype.click = click;
  URL.createObjectURL = create;
  if (blobs.length !== document.querySelectorAll("table").length) wrong.push("a table cannot be saved");
  for (const blob of blobs) {
    for (const cell of (await blob.text()).slice(0).split(/\\r\\n|,/)) {
      const plain = cell.replace(/^"/, "");
      if (/^\\s*[=+@\\-]/.test(plain) && !/^-?\\d+(\\.\\d+)?"?$/.test(plain)) wrong.push("a spreadsheet computes " + cell);
    }
  }
  const input = document.querySelector(".filter input");
  if (input) {
    input.value = "no-finding-is-called-so";
    input.dispatchEvent(new Event("input"));
    if ([...document.querySelectorAll("#findings tr[id]")].some((row) => row.checkVisibility())) wrong.push("the filter lets pass");
    input.value = "";
    input.dispatchEvent(new Event("input"));
  }
  for (const row of [...document.querySelectorAll("#findings tr[id]")].filter((_, place) => place % 10 === 0)) {
    location.hash = row.id;
    await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    const box = row.getBoundingClientRect();
    if (!row.checkVisibility() || box.top > innerHeight || box.bottom < 0) { wrong.push("a link to " + row.id); break; }
  }
  return wrong;
})()`);
script.forEach((one) => fault("script", one));

step("print");
// On paper nothing is cut: every table fits between the margins of A4, and everything folded is open.
await media("print");
await size(673, 950);
await open(url);
const cut = await evaluate(`[...document.querySelectorAll("table, figure, pre")].filter((one) => {
  const right = document.body.getBoundingClientRect().right;
  return one.getBoundingClientRect().right > right + 1 || one.scrollWidth > one.clientWidth + 1 && one.tagName !== "TABLE";
}).map((one) => one.textContent.trim().slice(0, 60))`);
cut.forEach((one) => fault("print", `cut: ${one}`));
step("pdf");
// Printed, the page holds its beginning and its end, and tables that span sheets repeat their heads. Other settings
// than the reader's must not decide: the sheet is the one that the page asks for.
if (reader) {
  await media("");
  await open(url);
  const { data } = await call("Page.printToPDF", { preferCSSPageSize: true });
  const pdf = spawnSync(reader, ["-", "-"], { input: Buffer.from(data, "base64"), encoding: "utf8", maxBuffer: 1 << 28 });
  if (pdf.status !== 0) fault("pdf", `pdftotext: ${pdf.stderr}`);
  const letters = (text) => text.replace(/[\s\u00ad-]/g, "");
  const printed = letters(pdf.stdout);
  const asked = await evaluate(`[document.querySelector("h1"), ...document.querySelectorAll(".answers h2, .picture h2"),
    ...document.querySelector("main > section:last-of-type").querySelectorAll("h2, dt, .lead")].map((one) => one.textContent)`);
  asked.filter((one) => !printed.includes(letters(one))).forEach((one) => fault("pdf", `not printed: ${one}`));
  // Every finding is on paper, by its id; one that goes over to the next sheet is parted by the sheet's number.
  const ids = await evaluate(`[...document.querySelectorAll("#findings small.id, .passes b")].map((one) => one.textContent)`);
  const lost = ids.filter((id) => !printed.includes(letters(id)));
  const sheets = pdf.stdout.split("\f").length;
  if (lost.length > sheets / 2) fault("pdf", `${lost.length} of ${ids.length} findings not printed, such as ${lost[0]}`);
  const head = "Whatwasfound";
  const heads = letters(await evaluate("document.body.textContent")).split(head).length;
  // Of so many tables of findings some go over to the next sheet.
  if (heads > 10 && printed.split(head).length <= heads) fault("pdf", "no table head is repeated");
}
step("axe");
if (axe && existsSync(axe)) {
  await size(1280, 900);
  const library = readFileSync(axe, "utf8");
  for (const scheme of ["light", "dark"]) {
    await media("", scheme);
    await open(url);
    await evaluate(`document.querySelectorAll("details").forEach((one) => one.open = true)`);
    await evaluate(library + "; 0");
    const found = await evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations
      .map((one) => one.impact + " " + one.id + " " + one.nodes.length + " " + one.nodes[0].html.slice(0, 120)))`);
    found.filter((one) => /^(serious|critical)/.test(one)).forEach((one) => fault("axe", `${scheme}: ${one}`));
  }
}
await browser.stop();
console.log(JSON.stringify(faults));
