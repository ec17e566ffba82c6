// Makes photos for the journeys: each a different picture, so that none is taken for a duplicate of another.

/** `count` JPEG files as the file inputs of playwright take them. */
export async function makePhotos(browser, count, { width = 1600, height = 1200 } = {}) {
  const page = await browser.newPage();
  try {
    const pictures = await page.evaluate(drawPictures, { count, width, height, seed: Date.now() % 100_000 });
    return pictures.map((picture, at) => ({
      name: `photo-${at + 1}.jpg`,
      mimeType: "image/jpeg",
      buffer: Buffer.from(picture, "base64"),
    }));
  } finally {
    await page.close();
  }
}

/** Runs in the browser. Sky, street, a car, and dents at other places in each picture; sharp and bright enough to be taken. */
function drawPictures({ count, width, height, seed }) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const draw = canvas.getContext("2d");
  const pictures = [];
  for (let at = 0; at < count; at += 1) {
    let state = seed + at * 7919;
    const random = () => {
      state = (state * 16807 + 11) % 2147483647;
      return state / 2147483647;
    };
    const box = (colour, x, y, w, h) => {
      draw.fillStyle = colour;
      draw.fillRect(x * width, y * height, w * width, h * height);
    };
    box("#9cc3dd", 0, 0, 1, 0.55);
    box("#70757a", 0, 0.55, 1, 0.45);
    const shift = random() * 0.1;
    box(`hsl(${Math.floor(random() * 360)} 45% 45%)`, 0.12 + shift, 0.42, 0.66, 0.26);
    box("#dfe8ee", 0.28 + shift, 0.28, 0.34, 0.15);
    for (const x of [0.24, 0.64]) {
      draw.fillStyle = "#1b1d1f";
      draw.beginPath();
      draw.arc((x + shift) * width, 0.68 * height, 0.07 * width, 0, 7);
      draw.fill();
    }
    for (let dent = 0; dent < 60; dent += 1) {
      draw.strokeStyle = `hsl(0 0% ${Math.floor(random() * 90)}%)`;
      draw.lineWidth = 1 + random() * 6;
      draw.beginPath();
      draw.moveTo((0.15 + random() * 0.6) * width, (0.43 + random() * 0.22) * height);
      draw.lineTo((0.15 + random() * 0.6) * width, (0.43 + random() * 0.22) * height);
      draw.stroke();
    }
    pictures.push(canvas.toDataURL("image/jpeg", 0.9).split(",")[1]);
  }
  return pictures;
}
