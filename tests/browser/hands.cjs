/*
 * A pair of hands at a browser, for scenarios in another language: reads one JSON object a line, does
 * what it says in headless Chromium, answers with one JSON object a line.
 *
 *     {"do": "open", "who": "nurse", "url": "http://127.0.0.1:8480/s/"}
 *     {"do": "fill", "who": "nurse", "label": "Name", "value": "Tess Okoro"}
 *     {"do": "press", "who": "nurse", "name": "Admit", "within": "Admit somebody"}
 *
 * Each `who` is a person with a browser of their own (cookies, history). Scripts are off: what people
 * do here they do by links and forms. Every answer holds what is then on the screen: url, status, title,
 * text (as it is drawn), and what the page asked of other hosts or complained of (`wrong`).
 *
 *     node hands.cjs MODULES CHROMIUM
 */
const [modules, chromium] = process.argv.slice(2);
const playwright = require(require.resolve("playwright-core", { paths: [modules] }));

const PARTS = "tr, li, section, article, form, fieldset, details, dl, .nhsuk-card";
const people = new Map();
let browser;

async function person(who) {
    if (people.has(who)) return people.get(who);
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    const one = { page, status: 0, wrong: [] };
    page.on("response", response => {
        if (response.request().isNavigationRequest() && response.frame() === page.mainFrame())
            one.status = response.status();
    });
    page.on("request", request => {
        const host = new URL(request.url()).hostname;
        if (host !== "127.0.0.1" && !request.url().startsWith("data:")) one.wrong.push(`asked ${request.url()}`);
    });
    page.on("requestfailed", request => {
        if (request.failure().errorText !== "net::ERR_ABORTED") one.wrong.push(`${request.url()} ${request.failure().errorText}`);
    });
    page.on("console", message => {
        /* the browser notes the status of a page that refuses; the scenario looks at that itself */
        if (message.type() === "error" && !message.text().includes("the server responded with a status"))
            one.wrong.push(message.text());
    });
    people.set(who, one);
    return one;
}

/* What is on the screen now. */
async function screen(one) {
    const { page } = one;
    const wrong = one.wrong.splice(0);
    return { url: page.url(), status: one.status, title: await page.title(), text: await page.innerText("body"), wrong };
}

/* The control; when there are several, the one in the innermost part of the page that has `within`. */
function among(page, order, make) {
    if (!order.within) return make(page);
    const part = page.locator(PARTS).filter({ hasText: order.within }).filter({ has: make(page) }).last();
    return make(part);
}

const orders = {
    async open(one, order) {
        await one.page.goto(order.url, { waitUntil: "load" });
    },
    async press(one, order) {
        await click(one, among(one.page, order, at => at.getByRole("button", { name: order.name, exact: !order.part })).first());
    },
    async follow(one, order) {
        await click(one, among(one.page, order, at => at.getByRole("link", { name: order.name, exact: !order.part })).first());
    },
    async fill(one, order) {
        await among(one.page, order, at => at.getByLabel(order.label, { exact: !order.part })).first().fill(order.value);
    },
    async choose(one, order) {
        await among(one.page, order, at => at.getByLabel(order.label, { exact: !order.part })).first().check({ force: true });
    },
    async leave_out(one, order) {
        await among(one.page, order, at => at.getByLabel(order.label, { exact: !order.part })).uncheck({ force: true });
    },
    async select(one, order) {
        const list = among(one.page, order, at => at.getByLabel(order.label, { exact: true })).first();
        await list.selectOption(order.value ? { value: order.value } : { label: order.option });
    },
    async unfold(one, order) {
        await one.page.locator("details:not([open]) > summary").filter({ hasText: order.name }).first().click();
    },
    async look() {},
    async html(one) {
        return { html: await one.page.content() };
    },
    async picture(one, order) {
        await one.page.setViewportSize({ width: order.width || 1000, height: order.height || 900 });
        await one.page.screenshot({ path: order.path, fullPage: true });
    },
    async print(one, order) {
        await one.page.pdf({ path: order.path, format: "A4", preferCSSPageSize: true });
    },
    async forget(one, order) {
        await one.page.context().close();
        people.delete(order.who);
        return { gone: true };
    },
};

/* A press that sends a form is over when the next page is there. */
async function click(one, control) {
    one.status = 0;
    await control.click();
    await one.page.waitForLoadState("load");
}

async function obey(order) {
    const one = await person(order.who);
    const more = await orders[order.do](one, order);
    return more?.gone ? more : { ...(await screen(one)), ...more };
}

async function main() {
    browser = await playwright.chromium.launch({
        executablePath: chromium,
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    const lines = require("readline").createInterface({ input: process.stdin });
    for await (const line of lines) {
        let answer;
        try {
            answer = await obey(JSON.parse(line));
        } catch (fault) {
            answer = { fault: String(fault.message).split("\n").slice(0, 6).join("; ") };
        }
        process.stdout.write(JSON.stringify(answer) + "\n");
    }
    await browser.close();
}
main();
