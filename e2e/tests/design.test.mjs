// Every component and every invented screen, in every look: a barrier in a part is found before a page uses it.
import { after, before, test } from "node:test";
import { LOOKS, Person, lookName, startBrowser } from "../browser.mjs";
import { Demo } from "../demo.mjs";

const SCREENS = ["", "/home", "/cause", "/damage", "/progress", "/work", "/claim", "/overview"];

let demo;
let browser;
before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const look of LOOKS) {
  test(`the design has no barriers: ${lookName(look)}`, async () => {
    const person = await Person.arrive(browser, demo.origin, look);
    for (const screen of SCREENS) {
      await person.visit(`/design${screen}`);
      await person.examine(`design${screen.replace("/", "-")}`);
    }
    await person.leave();
  });
}
