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
      ["manager", "/desk/claims?stage=closed"],
      ["administrator", "/desk/accounts"],
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
