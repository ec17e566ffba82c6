import { as, startBrowser } from "./.desk-look.mjs";
const browser = await startBrowser();
const p = await as(browser, "manager", { width: "desk", language: "zh", scheme: "light" });
for (const stage of ["reported","inspecting","assessing","adjudicating","paying","closed","declined","withdrawn"]) {
  await p.visit("/desk/claims?stage=" + stage);
  const rows = await p.page.locator("tbody tr").allInnerTexts();
  console.log(stage, rows.length); for (const r of rows.slice(0, 6)) console.log("   ", r.replace(/\s+/g, " "));
}
await p.visit("/desk?which=all");
for (const r of await p.page.locator("tbody tr").allInnerTexts()) console.log(r.replace(/\s+/g, " "));
await browser.close();
