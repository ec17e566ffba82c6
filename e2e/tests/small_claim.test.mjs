// A small clear claim, from the report to the rating, without a person of the insurer in between.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CUSTOMER_LOOKS, LOOKS, lookName, startBrowser } from "../browser.mjs";
import { LATE_ACCOUNT, chooseAccount, pickDamage, rate, report, sendPhotos } from "../customer.mjs";
import { inDemo } from "../demo.mjs";
import { makePhotos } from "../photos.mjs";

const PAID_SECONDS = 30;

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

for (const look of CUSTOMER_LOOKS) {
  test(`a small claim is paid, and the page that stands open shows it: ${lookName(look)}`, () =>
    inDemo({ claims: 10 }, async (demo) => {
      const customer = await demo.person(browser, "customer", look);
      const { page } = customer;
      await customer.visit("/");
      await customer.examine("customer-home");
      await customer.visit("/report");
      await customer.examine("customer-report");
      const claim = await report(customer, { story: "出地库时右后方剐到立柱" });
      await customer.examine("customer-reported");
      await sendPhotos(customer, claim, await makePhotos(browser, 10));
      await customer.visit(`/claims/${claim}/photos`);
      await customer.examine("customer-photos");
      await customer.visit(`/claims/${claim}/damage`);
      await customer.examine("customer-damage");
      await pickDamage(customer, claim, ["rear-bumper"]);

      // A second window of the same customer stands open and is not touched again.
      const watching = await demo.person(browser, "customer", look);
      await watching.visit(`/claims/${claim}`);
      await watching.page.evaluate(() => (globalThis.neverReloaded = true));
      await customer.visit(`/claims/${claim}/account`);
      await customer.examine("customer-account");
      await chooseAccount(customer, claim);
      await watching.page.locator("#claim-action a[href$='/rate']").waitFor({ timeout: PAID_SECONDS * 1000 });
      assert.ok(await watching.page.evaluate(() => globalThis.neverReloaded), "the page was loaded again");
      assert.match(await watching.page.locator("#claim-money").innerText(), /\d+\.\d\d/);
      await watching.examine("customer-paid");

      await customer.visit(`/claims/${claim}/rate`);
      await customer.examine("customer-rate");
      await rate(customer, claim, 5);
      await customer.visit(`/claims/${claim}`);
      assert.equal(await page.locator("#claim-now .star-full").count(), 5);
      await customer.examine("customer-rated");
    }));
}

test("a page that stands open shows that the bank confirms, then that it has paid; so does the header of the desk", () =>
  inDemo({ claims: 10 }, async (demo) => {
    const customer = await demo.person(browser, "customer", LOOKS[0]);
    const claim = await report(customer);
    await sendPhotos(customer, claim, await makePhotos(browser, 10));
    await pickDamage(customer, claim, ["rear-bumper"]);

    const watching = await demo.person(browser, "customer", LOOKS[0]);
    await watching.visit(`/claims/${claim}`);
    const desk = await demo.person(browser, "manager", LOOKS[2]);
    await desk.visit(`/desk/claims/${claim}`);
    const stage = () => desk.page.locator("#claim-state [aria-current=step]").innerText();
    const before = await stage();
    for (const { page } of [watching, desk]) await page.evaluate(() => (globalThis.neverReloaded = true));

    await chooseAccount(customer, claim, LATE_ACCOUNT);
    const payment = (icon) => watching.page.locator(`#claim-money .payments use[href$="#${icon}"]`);
    await payment("landmark").waitFor({ state: "attached", timeout: PAID_SECONDS * 1000 });
    // What somebody reads unfolded stays so, and is brought up to date all the same.
    const fold = watching.page.locator("#claim-money details").last();
    await fold.locator("summary").click();
    await payment("circle-check").waitFor({ state: "attached", timeout: PAID_SECONDS * 1000 });
    assert.ok(await fold.evaluate((fold) => fold.open), "what was unfolded was folded again");
    // The arithmetic tells only what changes the amount.
    assert.doesNotMatch(await watching.page.locator("#claim-money").innerText(), /[^\d.,]0\.00/);

    await desk.page.waitForFunction(
      (before) => document.querySelector("#claim-state [aria-current=step]").innerText !== before,
      before,
      { timeout: PAID_SECONDS * 1000 },
    );
    for (const { page } of [watching, desk]) {
      assert.ok(await page.evaluate(() => globalThis.neverReloaded), "the page was loaded again");
    }
    await desk.examine("desk-claim-live");
  }));

test("a small claim is paid without any script in the browser", () =>
  inDemo({ claims: 10 }, async (demo) => {
    const customer = await demo.person(browser, "customer", LOOKS[0], { scripts: false });
    const claim = await report(customer);
    await sendPhotos(customer, claim, await makePhotos(browser, 10));
    await pickDamage(customer, claim, ["front-bumper"]);
    await chooseAccount(customer, claim);
    const deadline = Date.now() + PAID_SECONDS * 1000;
    const rating = customer.page.locator("#claim-action a[href$='/rate']");
    do {
      assert.ok(Date.now() < deadline, `not paid after ${PAID_SECONDS} s:\n${await customer.text()}`);
      await customer.page.waitForTimeout(500);
      await customer.visit(`/claims/${claim}`);
    } while ((await rating.count()) === 0);
    await rate(customer, claim, 4);
    await customer.picture("customer-without-scripts");
  }));

test("a visitor is told what to do after an accident, and where to sign in", () =>
  inDemo({ claims: 10 }, async (demo) => {
    for (const look of LOOKS) {
      const visitor = await demo.visitor(browser, look);
      await visitor.visit("/");
      await visitor.examine("visitor-home");
      await callable(visitor);
      await visitor.visit("/sign-in");
      await visitor.examine("visitor-sign-in");
      await visitor.visit("/nowhere", { status: 404 });
      await callable(visitor);
      const customer = await demo.person(browser, "customer", look);
      await customer.visit("/report");
      await callable(customer);
      await customer.leave();
    }
  }));

/** Rescue and service of the insurer are a tap away. */
async function callable(person) {
  const numbers = await person.page.locator("main a[href^='tel:']").evaluateAll((links) => links.map((link) => link.pathname));
  for (const number of ["4000000001", "4000000000"]) assert.ok(numbers.includes(number), `${number}: ${numbers}`);
}
