// Keys of the desk. Everything they do can also be reached by a link or a button; "?" lists them.

const LIST = "anpei-desk-list";

const press = {
  j: () => move(1),
  k: () => move(-1),
  a: () => confirmation() ?? follow('[data-key~="a"]'),
  e: () => follow(".desk-panel [data-edit]"),
  r: () => follow('[data-key~="r"]'),
  n: () => follow('[data-key~="n"]'),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  Enter: () => follow("tr[aria-current] .key a"),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const busy = event.target.closest("input, select, textarea, summary, button, a");
  if (event.key === "Escape" && busy?.matches("input, select, textarea")) busy.blur();
  // Who types, types; Enter belongs to what has the focus.
  if (busy?.matches("input, select, textarea") || (busy && event.key === "Enter")) return;
  const action = press[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  action();
  event.preventDefault();
});

remember();
// Going to "#edit" takes the focus away, and happens after the scripts.
addEventListener("load", () => setTimeout(begin));

/** The first field of the form that is unfolded; where something is wrong, its summary has the focus. */
function begin() {
  if (document.activeElement?.matches(".summary")) return;
  document.querySelector("#edit :is(input:not([type=hidden]), select, textarea)")?.focus({ preventScroll: true });
}

function rows() {
  return [...document.querySelectorAll(".desk-main tbody tr")].filter((row) => row.querySelector(".key a[href]"));
}

/** The list that somebody came from is walked on the pages of its claims. */
function remember() {
  const list = rows().map((row) => row.querySelector(".key a").getAttribute("href"));
  if (!document.querySelector("[data-claim]") && list.length) sessionStorage.setItem(LIST, JSON.stringify(list));
}

function move(step) {
  const claim = document.querySelector("[data-claim]")?.dataset.claim;
  if (claim) {
    const list = JSON.parse(sessionStorage.getItem(LIST) ?? "[]");
    const here = list.findIndex((href) => href.includes(claim));
    if (here >= 0 && list[here + step]) location.assign(list[here + step]);
    return;
  }
  const all = rows();
  const here = all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  all[here]?.removeAttribute("aria-current");
  next?.setAttribute("aria-current", "true");
  next?.scrollIntoView({ block: "nearest" });
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

/** The approval is unfolded by the key and given by the button that then has the focus. */
function confirmation() {
  const confirm = document.querySelector("#decision .confirm");
  if (!confirm) return undefined;
  confirm.open = true;
  confirm.querySelector("button").focus();
  return confirm;
}
