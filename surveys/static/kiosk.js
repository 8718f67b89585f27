// A shared device: nobody meets what the person before typed. Without this script thanks still lead back to the start.
const KIOSK_IDLE = 120_000;
const kioskStart = document.documentElement.dataset.start;

if (kioskStart) {
  const begin = () => location.replace(kioskStart);
  let idle = setTimeout(begin, KIOSK_IDLE);
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => {
      clearTimeout(idle);
      idle = setTimeout(begin, KIOSK_IDLE);
    }, { passive: true });
  }
  // a page that the browser kept whole, with all that was typed, and shows again
  addEventListener("pageshow", (event) => event.persisted && begin());
}
