// Judges of a page, for any scenario that has one to show.
//
//     const browser = await launch({ modules, out });
//     const page = await browser.open(address);           a page whose scripts never run
//     await page.getByLabel("Note").fill("...");          all of playwright-core
//     for (const wrong of await browser.checkPage(page, { name: "support" })) ...
//     for (const wrong of await browser.checkHtml()) ...  once at the end, for all pages checked
//     await browser.close();
//
// checkPage judges the page as it was last sent (after a form with mistakes, too), in a second window
// that may run scripts, because the judges are some: axe-core's rules for WCAG 2.2 A and AA and good
// practice, at the widths of a desktop, a phone and 320 px; nothing wider than the window; nothing
// asked of another host; nothing refused by the page's own security policy. It leaves a picture for
// each width in OUT and the HTML for checkHtml, which asks the Nu HTML checker about all at once.
//
// `python3` scenarios use it through drive.mjs and tests/scenario/browser.py.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import fs from "node:fs";
import path from "node:path";

export const WIDTHS = { desktop: [1280, 900], phone: [390, 844], narrow: [320, 640] };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export async function launch({ modules, out, chromium = "/usr/bin/chromium" }) {
  const require = createRequire(pathToFileURL(path.resolve(modules, "here.js")));
  const playwright = require("playwright-core");
  const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  fs.mkdirSync(out, { recursive: true });
  const engine = await playwright.chromium.launch({ executablePath: chromium, args: ARGUMENTS });
  const user = await engine.newContext({ javaScriptEnabled: false, locale: "en-GB" });
  const judge = await engine.newContext({ locale: "en-GB" });
  const browser = new Browser({ engine, user, judge, axe, out, jar: path.join(modules, "vnu-jar", "build", "dist", "vnu.jar") });
  await browser.begin();
  return browser;
}

class Browser {
  constructor(parts) {
    Object.assign(this, parts);
    this.strangers = []; // addresses of other hosts that a page asked for
    this.sent = new WeakMap(); // page -> what was sent for it last
    this.htmls = [];
  }

  async begin() {
    this.bench = await this.judge.newPage();
    this.refused = [];
    this.bench.on("console", (message) => message.type() === "error" && this.refused.push(message.text()));
  }

  /* A new page; whatever it loads is watched. */
  async page() {
    const page = await this.user.newPage();
    page.on("request", (request) => {
      const first = page.url() === "about:blank" ? request.url() : page.url();
      const address = new URL(request.url());
      if (!["data:", "about:"].includes(address.protocol) && address.host !== new URL(first).host)
        this.strangers.push(`${first} asked for ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame() && response.status() !== 303)
        this.sent.set(page, response);
    });
    return page;
  }

  async open(address) {
    const page = await this.page();
    await page.goto(address);
    return page;
  }

  status(page) {
    return this.sent.get(page).status();
  }

  /* Shows in the second window what the first was sent. */
  async show(page) {
    const response = this.sent.get(page);
    const body = await response.body();
    const headers = await response.allHeaders();
    const address = response.url().split("#")[0];
    delete headers["content-encoding"];
    delete headers["refresh"];
    await this.bench.unroute("**/*");
    await this.bench.route("**/*", (route) => route.request().url().split("#")[0] === address
      ? route.fulfill({ status: response.status(), headers, body }) : route.continue());
    this.refused.length = 0;
    await this.bench.goto(address);
    return body.toString("utf8");
  }

  async checkPage(page, { name, widths = Object.keys(WIDTHS) }) {
    const wrong = this.strangers.splice(0);
    const html = await this.show(page);
    const file = path.join(this.out, `${name}.html`);
    fs.writeFileSync(file, html);
    this.htmls.push(file);
    wrong.push(...this.refused.filter((text) => !/the server responded with a status of/.test(text)));
    await this.bench.evaluate(this.axe);
    for (const width of widths) {
      const [w, h] = WIDTHS[width];
      await this.bench.setViewportSize({ width: w, height: h });
      const beyond = await this.bench.evaluate(widest);
      if (beyond) wrong.push(`${width}: wider than the window: ${beyond}`);
      const found = await this.bench.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
      for (const rule of found.violations)
        for (const node of rule.nodes)
          wrong.push(`${width}: ${rule.id} (${rule.impact}): ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`);
      await this.bench.screenshot({ path: path.join(this.out, `${name}-${width}.png`), fullPage: true });
    }
    return wrong.map((line) => `${name}: ${line}`);
  }

  /* How many sheets of A4 the page is, and the PDF in OUT. */
  async print(page, { name }) {
    await this.show(page);
    const file = path.join(this.out, `${name}.pdf`);
    await this.bench.pdf({ path: file, format: "A4", margin: { top: "12mm", bottom: "12mm", left: "12mm", right: "12mm" } });
    const said = spawnSync("pdfinfo", [file], { encoding: "utf8" });
    return Number(/^Pages:\s+(\d+)$/m.exec(said.stdout)?.[1] ?? 0);
  }

  /* What the Tab key leads to, in order: the name of each thing, as it is written or labelled. */
  async tabOrder(page) {
    await this.show(page);
    const names = [];
    for (let i = 0; i < 200; i++) {
      await this.bench.keyboard.press("Tab");
      const name = await this.bench.evaluate(focused);
      if (name === null) break;
      names.push(name);
    }
    return names;
  }

  /* A picture of one element, for programs that read pictures. */
  async picture(page, selector, name) {
    await this.show(page);
    await this.bench.setViewportSize({ width: 1280, height: 900 });
    await this.bench.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    const file = path.join(this.out, `${name}.png`);
    await this.bench.locator(selector).first().screenshot({ path: file });
    return file;
  }

  checkHtml() {
    if (!this.htmls.length) return [];
    const said = spawnSync("java", ["-Xss8m", "-XX:TieredStopAtLevel=1", "-jar", this.jar, "--format", "json", "--stdout", "--exit-zero-always", ...this.htmls],
      { encoding: "utf8", maxBuffer: 1 << 26 });
    if (said.status !== 0 || !said.stdout.trim()) return [`the HTML checker ended with ${said.status}: ${said.stderr}`];
    return JSON.parse(said.stdout).messages.map(({ url, lastLine, message, extract }) =>
      `${path.basename(url)}:${lastLine}: ${message} (${extract})`);
  }

  async close() {
    await this.engine.close();
  }
}

/* The element that sticks out furthest, unless it scrolls within one that may. */
function widest() {
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= limit) return null;
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > limit + 1
    || one.getBoundingClientRect().left < -1);
  return out.length ? `<${out[0].tagName.toLowerCase()} class="${out[0].className}">` : "something";
}

function focused() {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const label = one.labels?.[0]?.textContent ?? one.getAttribute("aria-label") ?? one.textContent;
  return label.replace(/[\u2068\u2069]/g, "").replace(/\s+/g, " ").trim();
}
