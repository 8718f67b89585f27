// A shared device: nobody meets what the person before typed. Without this script thanks still lead back to the start.
const KIOSK_IDLE = 120 * 1000;
const kioskStart = document.documentElement.dataset.start;

// without a network the page at hand begins anew, rather than none at all
const beginAnew = () => (navigator.onLine || !form ? location.replace(kioskStart) : startAnew());

if (kioskStart) {
  let idle = setTimeout(beginAnew, KIOSK_IDLE);
  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(beginAnew, KIOSK_IDLE);
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, wait, { passive: true });
  // a page that the browser kept whole, with all that was typed, and shows again
  addEventListener("pageshow", (event) => event.persisted && beginAnew());
}
