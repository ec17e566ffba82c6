// Keeps the part of a page marked data-live current: on every event of its address the page is fetched
// anew and that part is put in place of the old one. Without this script a reload does the same.

const wait = { first: 1000, most: 30000 };

for (const part of document.querySelectorAll("[data-live]")) watch(part.id, part.dataset.live);

function watch(id, address, delay = wait.first) {
  const source = new EventSource(address);
  source.addEventListener("open", () => (delay = wait.first));
  source.addEventListener("changed", () => refresh(id));
  source.addEventListener("error", () => {
    // The browser reconnects by itself unless the server refused; then try again, each time later.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => watch(id, address, Math.min(delay * 2, wait.most)), delay);
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

async function refresh(id) {
  const old = document.getElementById(id);
  // What someone is typing or reading unfolded is not taken away; the next event brings it up to date.
  if (!old || old.querySelector("details[open]") || old.contains(document.activeElement?.closest("form"))) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(id);
  if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
}
