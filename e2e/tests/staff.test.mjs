// A bigger claim, through the desk: report, inspection, papers, assessment, approval, payment, closing, rating.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, STAFF_LOOKS, lookName, startBrowser } from "../browser.mjs";
import { chooseAccount, rate, report, sendPhotos } from "../customer.mjs";
import { inDemo } from "../demo.mjs";
import { makePhotos } from "../photos.mjs";
import { approve, assess, inspect, openFromWorkList, unfold } from "../staff.mjs";

const PAID_SECONDS = 30;
const TABS = ["facts", "assessment", "settlement", "papers", "timeline", "tasks", "talk", "clocks", "risk"];

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

for (const look of STAFF_LOOKS) {
  test(`a bigger claim goes through the hands of staff: ${lookName(look)}`, () =>
    inDemo({ claims: 10 }, async (demo) => {
      const customer = await demo.person(browser, "customer", look);
      const claim = await report(customer, { damage: "heavy", story: "雨天路滑，车头撞上中央护栏" });
      await sendPhotos(customer, claim, await makePhotos(browser, 12));

      const surveyor = await demo.person(browser, "surveyor", look);
      await openFromWorkList(surveyor, claim, "survey");
      await surveyor.examine("desk-claim");
      await inspect(surveyor, claim, "前保险杠、机盖变形，水箱框架弯曲，气囊未弹开。");
      await sendPhotos(customer, claim, await makePhotos(browser, 8));

      const assessor = await demo.person(browser, "assessor", look);
      await openFromWorkList(assessor, claim, "assessment");
      await unfold(assessor, claim, "assessment", "assessment");
      await assessor.examine("desk-assessment");
      await assess(assessor, [
        { part: "front-bumper", damage: "broken", operation: "replace", price: "3200.00" },
        { part: "hood", damage: "dent", operation: "replace", price: "5400.00" },
      ]);
      await assessor.examine("desk-assessed");
      await sendPhotos(customer, claim, await makePhotos(browser, 8));

      const approver = await demo.person(browser, "senior-approver", look);
      await openFromWorkList(approver, claim, "approval");
      await approver.visit(`/desk/claims/${claim}?tab=settlement`);
      await approver.examine("desk-settlement");
      await approve(approver);

      await chooseAccount(customer, claim);
      await customer.visit(`/claims/${claim}`);
      await customer.page.locator("#claim-action a[href$='/rate']").waitFor({ timeout: PAID_SECONDS * 1000 });
      assert.match(await customer.page.locator("#claim-money").innerText(), /8,600\.00/);
      await rate(customer, claim, 3);

      for (const tab of TABS) {
        await approver.visit(`/desk/claims/${claim}?tab=${tab}`);
        await approver.examine(`desk-tab-${tab}`);
      }
    }));
}

test("every page of the desk has no barriers, for everybody who may see it", () =>
  inDemo({ claims: 60 }, async (demo) => {
    const PAGES = [
      ["service-desk", "/desk/report"],
      ["manager", "/desk/overview"],
      ["manager", "/desk/overview/approved-by-rule"],
      ["manager", "/desk/claims?stage=closed"],
      ["administrator", "/desk/accounts"],
      ["administrator", "/debug"],
      ["auditor", "/desk/payments"],
      ["investigator", "/desk"],
    ];
    for (const look of LOOKS) {
      for (const [role, path] of PAGES) {
        const person = await demo.person(browser, role, look);
        await person.visit(path);
        await person.examine(`${role}${path.split("?")[0].replaceAll("/", "-")}`);
        await person.leave();
      }
    }
  }));

test("every figure of the overview opens exactly what it counts", () =>
  inDemo({ claims: 60 }, async (demo) => {
    const manager = await demo.person(browser, "manager", LOOKS[0]);
    const checked = await figures(manager);
    assert.ok(checked.length >= 6 + 5 + 2, JSON.stringify(checked));
    for (const { href } of checked) {
      // Time runs while the lists are read: what differs is read again, together with its figure.
      let seen;
      for (let round = 0; round < 3; round += 1) {
        const { count } = (await figures(manager)).find((figure) => figure.href === href);
        seen = { href, count, rows: await rowsOf(manager, href) };
        if (seen.rows === seen.count) break;
      }
      assert.equal(seen.rows, seen.count, JSON.stringify(seen));
    }
    assert.ok(checked.some(({ href, count }) => href.endsWith("approved-by-rule") && count > 0));
    assert.ok(checked.some(({ href, count }) => href.endsWith("approved-by-people") && count > 0));
  }));

/** Every figure of the overview that leads to a list: the six tiles, the stages, the tasks. */
async function figures(manager) {
  await manager.visit("/desk/overview");
  return manager.page.evaluate(() => {
    const number = (text) => Number(text.match(/\d+/)[0]);
    const tiles = [...document.querySelectorAll("a.number")].map((tile) => [tile, tile.querySelector(".number-value")]);
    const stages = [...document.querySelectorAll(".flow tbody tr")].map((row) => [row.querySelector("a"), row.querySelector("td.right")]);
    const tasks = [...document.querySelectorAll(".desk-lead a")].map((link) => [link, link]);
    return [...tiles, ...stages, ...tasks].map(([link, figure]) => ({
      href: link.getAttribute("href"),
      count: number(figure.textContent),
    }));
  });
}

/** The rows of a list, page after page. */
async function rowsOf(person, href) {
  let rows = 0;
  for (let next = href; next; ) {
    await person.visit(next);
    rows += await person.page.locator(".desk-main tbody tr").count();
    const link = person.page.locator("a[rel=next]");
    next = (await link.count()) > 0 ? await link.getAttribute("href") : null;
  }
  return rows;
}
