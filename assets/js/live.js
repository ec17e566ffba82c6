// Keeps a page current: on every event of the address in data-live the page is fetched anew, or only what stands at
// data-live-from, and each part marked data-live or data-live-part is put in place of the old one. Without this script
// a reload does the same.

const wait = { first: 1000, most: 30000 };
const PARTS = "[data-live], [data-live-part]";

for (const part of document.querySelectorAll("[data-live]")) {
  watch(part.dataset.live, part.dataset.liveFrom ?? location.href);
}

function watch(events, from, delay = wait.first) {
  const source = new EventSource(events);
  source.addEventListener("open", () => (delay = wait.first));
  source.addEventListener("changed", () => refresh(from));
  source.addEventListener("error", () => {
    // The browser reconnects by itself unless the server refused; then try again, each time later.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => watch(events, from, Math.min(delay * 2, wait.most)), delay);
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

async function refresh(from) {
  const answer = await fetch(from, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of page.querySelectorAll(PARTS)) replace(document.getElementById(fresh.id), fresh);
}

function replace(old, fresh) {
  // What someone is typing is not taken away; the next event brings it up to date.
  if (!old || old.contains(document.activeElement?.closest("form"))) return;
  unfold(old, fresh);
  if (fresh.innerHTML === old.innerHTML) return;
  const focused = old.contains(document.activeElement) && place(old, document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (focused) old.querySelectorAll(focused.name)[focused.index]?.focus({ preventScroll: true });
}

/** What someone has unfolded to read stays unfolded. */
function unfold(old, fresh) {
  const title = (fold) => fold.querySelector("summary")?.textContent;
  const folds = [...fresh.querySelectorAll("details")];
  for (const open of old.querySelectorAll("details[open]")) {
    const same = folds.find((fold) => title(fold) === title(open));
    if (same) same.open = true;
  }
}

/** Where the element with the focus stands among its like. */
function place(old, element) {
  const name = element.localName;
  return { name, index: [...old.querySelectorAll(name)].indexOf(element) };
}
