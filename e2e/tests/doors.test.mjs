// What may not come in: claims of others, pages of others, mistakes, too much, twice. Each gets a sentence that says what to do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LANGUAGES, LOOKS, startBrowser } from "../browser.mjs";
import { fillReport, send } from "../customer.mjs";
import { Demo } from "../demo.mjs";

let demo;
let browser;
before(async () => {
  [demo, browser] = await Promise.all([Demo.start({ claims: 40 }), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const inLanguages = Object.keys(LANGUAGES).map((language) => LOOKS.find((look) => look.language === language));

test("a customer finds no claim of another, and no page of staff", async () => {
  const manager = await demo.person(browser, "manager", LOOKS[0]);
  await manager.visit("/desk/claims");
  const all = await manager.page.locator("a[href*='/desk/claims/A']").evaluateAll((links) => links.map((link) => link.pathname.split("/")[3]));
  for (const look of inLanguages) {
    const customer = await demo.person(browser, "customer", look);
    await customer.visit("/");
    const own = new Set(await customer.page.locator("a[href^='/claims/']").evaluateAll((links) => links.map((link) => link.pathname.split("/")[2])));
    const foreign = all.filter((claim) => !own.has(claim));
    assert.ok(foreign.length > 0, "the demo has claims of others");
    await customer.visit(`/claims/${foreign[0]}`, { status: 404 });
    await customer.examine("foreign-claim");
    await customer.visit(`/claims/${foreign[0]}/photos/1`, { status: 404 });
    await customer.visit(`/desk/claims/${foreign[0]}`, { status: 404 });
    for (const path of ["/desk", "/desk/overview", "/desk/accounts"]) {
      await customer.visit(path, { status: 403 });
    }
    await customer.examine("forbidden");
    await customer.visit("/nowhere", { status: 404 });
    await customer.examine("nowhere");
  }
});

test("a form with mistakes comes back with what was typed, and says at each field what to do", async () => {
  for (const look of inLanguages) {
    const customer = await demo.person(browser, "customer", look, { scripts: false });
    const { page } = customer;
    await customer.visit("/report");
    await page.fill("[name=place]", "地下车库二层");
    await page.fill("[name=phone]", "12");
    await page.fill("[name=plate]", "京A");
    await send(customer, "report");
    assert.equal(new URL(page.url()).pathname, "/report");
    assert.equal(await page.inputValue("[name=place]"), "地下车库二层");
    for (const field of ["injury", "cause", "phone", "plate"]) {
      const sentence = await page.locator(`#${field}-error`).innerText();
      assert.ok(sentence.trim().length > 4, `${field}: ${sentence}`);
    }
    await customer.picture("customer-report-mistakes");
  }
});

test("the same form sent twice is one claim, and with other words is refused", async () => {
  const customer = await demo.person(browser, "customer", LOOKS[0]);
  await customer.visit("/report");
  await fillReport(customer);
  const sent = await customer.page
    .locator("#report")
    .evaluate((form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])));
  const post = (form) =>
    customer.page.request.post(new URL("/report", demo.origin).href, { form, headers: { origin: demo.origin } });
  const answers = await Promise.all([post(sent), post(sent), post(sent)]);
  const claims = new Set(answers.map((answer) => new URL(answer.url()).pathname));
  assert.equal(claims.size, 1, [...claims].join(" "));
  assert.match([...claims][0], /^\/claims\/A/);
  const other = await post({ ...sent, place: "另一个地方" });
  assert.equal(other.status(), 422);
});

test("a used link, and one that never was, say how to get another", async () => {
  for (const look of inLanguages) {
    const visitor = await demo.visitor(browser, look);
    await demo.person(browser, "manager", look);
    for (const link of [demo.link("manager"), "/enter/0123456789abcdef"]) {
      const answer = await visitor.page.goto(new URL(link, demo.origin).href);
      assert.ok(answer.status() >= 400 && answer.status() < 500, `${link} answers ${answer.status()}`);
      await visitor.examine("link-used");
    }
  }
});

test("the JSON interface answers every mistake with a problem that says what to do", async () => {
  const notice = { occurred_at: "2026-05-02T14:30:00+08:00", cause: "scrape", place: "东单", plate: "京A12345", name: "王小明", phone: "13800138000" };
  const key = { "idempotency-key": "doors-test-0001" };
  const cases = [
    ["no token", "GET", "/api/v1/claims", undefined, { authorization: "" }, 401],
    ["a wrong token", "GET", "/api/v1/claims", undefined, { authorization: "Bearer anpei_wrong" }, 401],
    ["a claim that is not there", "GET", "/api/v1/claims/A000000-ZZZZZZ", undefined, {}, 404],
    ["nothing", "POST", "/api/v1/claims", {}, {}, 400],
    ["a wrong type", "POST", "/api/v1/claims", { ...notice, place: 5 }, {}, 400],
    ["an unknown field", "POST", "/api/v1/claims", { ...notice, colour: "red" }, {}, 400],
    ["a wrong plate", "POST", "/api/v1/claims", { ...notice, plate: "X" }, {}, 422],
    ["the first use of a key", "POST", "/api/v1/claims", notice, key, 201],
    ["the same again", "POST", "/api/v1/claims", notice, key, 201],
    ["the key with another body", "POST", "/api/v1/claims", { ...notice, place: "西单" }, key, 422],
    ["far too much", "POST", "/api/v1/claims", { ...notice, story: "长".repeat(400_000) }, {}, 413],
    ["a page of staff", "GET", "/api/v1/desk/work", undefined, {}, 403],
  ];
  const claims = new Set();
  for (const [what, method, path, body, headers, status] of cases) {
    for (const language of ["zh-CN", "en"]) {
      const answer = await demo.api(method, path, body, { "accept-language": language, ...headers });
      assert.equal(answer.status, status, `${what} (${language}): ${JSON.stringify(answer.body)}`);
      if (status < 400) {
        claims.add(answer.body.claim);
        continue;
      }
      assert.match(answer.headers.get("content-type"), /application\/problem\+json/, what);
      assert.equal(answer.body.status, status, what);
      assert.ok(answer.body.title && answer.body.detail, `${what}: ${JSON.stringify(answer.body)}`);
      assert.equal(/[一-鿿]/.test(answer.body.detail), language === "zh-CN", `${what}: ${answer.body.detail}`);
      assert.ok(!JSON.stringify(answer.body).includes("13800138000"), `${what} repeats personal data`);
    }
  }
  assert.equal(claims.size, 1, "the same key made more than one claim");
});
