// A browser that does what it is told, a line of JSON at a time: node drive.mjs MODULES OUT
//
//     {"do":"open","address":"..."}   ->   {"ok":...}   or   {"error":"..."}
//
// The verbs are below; tests/scenario/browser.py gives them names.
import readline from "node:readline";
import { launch } from "./browser.mjs";

const [modules, out] = process.argv.slice(2);
const browser = await launch({ modules, out });
let page = await browser.page();

const field = (label, nth = 0) => page.getByLabel(label, { exact: true }).nth(nth);
const button = (name, nth = 0) => page.getByRole("button", { name, exact: true }).nth(nth);

const verbs = {
  open: ({ address }) => page.goto(address, { waitUntil: "load" }).then(() => null),
  status: () => browser.status(page),
  address: () => page.url(),
  text: ({ selector = "main" }) => page.locator(selector).first().innerText(),
  html: () => page.content(),
  fill: ({ label, value, nth }) => field(label, nth).fill(value),
  choose: ({ label, nth }) => field(label, nth).check({ force: true }),
  select: ({ label, option, nth }) => field(label, nth).selectOption({ label: option }).then(() => null),
  unfold: ({ title, nth = 0 }) => page.locator("summary", { hasText: title }).nth(nth).click(),
  press: async ({ name, nth }) => {
    await Promise.all([page.waitForEvent("load"), button(name, nth).click()]);
    return browser.status(page);
  },
  follow: async ({ name, nth = 0 }) => {
    await Promise.all([page.waitForEvent("load"), page.getByRole("link", { name, exact: true }).nth(nth).click()]);
    return browser.status(page);
  },
  links: () => page.locator("a[href]").evaluateAll((all) => all.map((one) => [one.textContent.trim(), one.href])),
  check: ({ name, widths }) => browser.checkPage(page, { name, widths }),
  print: ({ name }) => browser.print(page, { name }),
  tabs: () => browser.tabOrder(page),
  picture: ({ selector, name }) => browser.picture(page, selector, name),
  html_check: () => browser.checkHtml(),
  forget: async () => {
    await browser.user.clearCookies();
    await page.close();
    page = await browser.page();
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { do: verb, ...words } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: (await verbs[verb](words)) ?? null };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
