// What one person alone may not do: approve or decline much, put a grave accident at an amount.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, STAFF_LOOKS, lookName, startBrowser } from "../browser.mjs";
import { report, sendPhotos } from "../customer.mjs";
import { inDemo } from "../demo.mjs";
import { makePhotos } from "../photos.mjs";
import { approve, assess, confirmAs, inspect, openFromWorkList, sendEdit, unfold } from "../staff.mjs";

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** A heavy claim that an assessor of authority put at `price`, with all papers. */
async function heavyClaim(demo, look, price, customer) {
  const claim = await report(customer, { damage: "heavy", story: "高速上撞到护栏，车头和底盘都伤了" });
  await sendPhotos(customer, claim, await makePhotos(browser, 12));
  const surveyor = await demo.person(browser, "surveyor", look);
  await inspect(surveyor, claim, "车头、底盘受损，与描述一致。");
  await sendPhotos(customer, claim, await makePhotos(browser, 8));
  const assessor = await demo.person(browser, "senior-assessor", look);
  await unfold(assessor, claim, "assessment", "assessment");
  await assess(assessor, [{ part: "front-bumper", damage: "broken", operation: "replace", price }]);
  return { claim, assessor };
}

/** Sends a form that the page does not show. */
async function sendAgain(person, word, fields) {
  const send = ([word, fields]) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = `${location.pathname}/${word}`;
    const csrf = document.querySelector("[name=csrf]").value;
    for (const [name, value] of Object.entries({ csrf, idempotency_key: crypto.randomUUID(), ...fields })) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  };
  await Promise.all([person.page.waitForNavigation({ waitUntil: "load" }), person.page.evaluate(send, [word, fields])]);
}

for (const look of STAFF_LOOKS) {
  test(`much money is approved by two different people: ${lookName(look)}`, () =>
    inDemo({ claims: 5 }, async (demo) => {
      const customer = await demo.person(browser, "customer", look);
      const { claim } = await heavyClaim(demo, look, "60000.00", customer);
      await sendPhotos(customer, claim, await makePhotos(browser, 8));
      const first = await demo.person(browser, "senior-approver", look);
      await first.visit(`/desk/claims/${claim}?tab=settlement`);
      await first.examine("desk-approve-first");
      const seen = await first.page.locator("form[action$='/approval'] [name=adjudication]").inputValue();
      await approve(first);
      await first.examine("desk-approve-waits");
      assert.equal(await first.page.locator("form[action$='/approval']").count(), 0, "the first is not asked again");

      // Whoever sends the form nevertheless is told who must act.
      await sendAgain(first, "approval", { adjudication: seen });
      await first.examine("desk-approve-same-person");
      const told = await first.page.locator("[role=alert]").first().innerText();
      assert.match(told, look.language === "zh" ? /第二人要由另一位同事担任/ : /another colleague/);

      await customer.visit(`/claims/${claim}`);
      assert.doesNotMatch(await customer.text(), /60,000\.00.*(批准|approved)/);
      const second = await demo.person(browser, "chief-approver", look);
      await openFromWorkList(second, claim, "approval");
      await second.visit(`/desk/claims/${claim}?tab=settlement`);
      await second.examine("desk-approve-second");
      await approve(second);
      await second.examine("desk-approved");
      await customer.visit(`/claims/${claim}`);
      assert.match(await customer.page.locator("#claim-money").innerText(), /60,000\.00/);
    }));

  test(`much is declined by two different people, and the customer reads why: ${lookName(look)}`, () =>
    inDemo({ claims: 5 }, async (demo) => {
      const customer = await demo.person(browser, "customer", look);
      const { claim } = await heavyClaim(demo, look, "60000.00", customer);
      const first = await demo.person(browser, "senior-approver", look);
      await unfold(first, claim, "settlement", "refusal");
      await first.page.fill("#edit [name=clause]", "机动车损失保险条款 第九条");
      await first.page.fill("#edit [name=reason]", "经核实，事故发生时车辆正在参加竞赛，属于责任免除。");
      await first.examine("desk-refusal");
      await Promise.all([
        first.page.waitForNavigation({ waitUntil: "load" }),
        first.page.locator("#edit .button-danger").click(),
      ]);
      assert.match(first.page.url(), /done=refusal/);
      await first.examine("desk-refusal-proposed");
      await customer.visit(`/claims/${claim}`);
      assert.doesNotMatch(await customer.text(), /第九条|竞赛/, "nothing is told before the second person");

      const second = await demo.person(browser, "chief-approver", look);
      await openFromWorkList(second, claim, "approval");
      await second.visit(`/desk/claims/${claim}?tab=settlement`);
      await second.examine("desk-refusal-second");
      await confirmAs(second, "refusal-confirmation");
      await second.examine("desk-declined");
      for (const tab of ["timeline", "tasks", "clocks"]) {
        await second.visit(`/desk/claims/${claim}?tab=${tab}`);
        await second.examine(`desk-declined-${tab}`);
      }
      await customer.visit(`/claims/${claim}`);
      await customer.examine("customer-declined");
      assert.match(await customer.text(), /第九条[\s\S]*竞赛/);
    }));
}

test("a grave accident: management is told, and a second assessor confirms before an amount counts", () =>
  inDemo({ claims: 5 }, async (demo) => {
    const look = STAFF_LOOKS[0];
    const customer = await demo.person(browser, "customer", LOOKS[0]);
    const { claim, assessor } = await heavyClaim(demo, look, "120000.00", customer);
    await assessor.examine("desk-assessment-waits");
    assert.equal(await assessor.page.locator("form[action$='/assessment-confirmation']").count(), 0);
    const manager = await demo.person(browser, "manager", look);
    await manager.visit("/desk");
    await manager.examine("desk-work-manager");
    assert.match(await manager.text(), new RegExp(claim));

    // Sent back, with what is to be looked at again.
    await unfold(assessor, claim, "assessment", "assessment-return");
    await assessor.page.fill("#edit [name=reason]", "气囊未计入");
    await assessor.examine("desk-assessment-return");
    await sendEdit(assessor, "assessment-return");
    await assessor.visit(`/desk/claims/${claim}?tab=tasks`);
    await assessor.examine("desk-assessment-returned");

    await unfold(assessor, claim, "assessment", "assessment");
    await assess(assessor, [{ part: "front-bumper", damage: "broken", operation: "replace", price: "126000.00" }]);
    const second = await demo.person(browser, "senior-assessor-2", look);
    await openFromWorkList(second, claim, "assessment");
    await second.visit(`/desk/claims/${claim}?tab=assessment`);
    await second.examine("desk-assessment-second");
    await confirmAs(second, "assessment-confirmation");

    // The reserve is above what the grade allows unasked.
    const chief = await demo.person(browser, "chief-approver", look);
    await chief.page.waitForTimeout(1000);
    await chief.visit(`/desk/claims/${claim}?tab=settlement`);
    await chief.examine("desk-reserve-waits");
    await confirmAs(chief, "reserve");
    await chief.visit(`/desk/claims/${claim}?tab=timeline`);
    await chief.examine("desk-grave-timeline");
    await customer.visit(`/claims/${claim}`);
    await customer.examine("customer-grave");
    assert.doesNotMatch(await customer.text(), /调解/, "there is nobody to differ with");
  }));
