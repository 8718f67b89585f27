// The service worker, where the browser has one (on https, and on this machine itself): it sends answers while no page is
// open, and stands in for pages while there is no network.
const workerAddress = document.currentScript.dataset.worker;
const workers = navigator.serviceWorker;
const LOOK_AGAIN = 15 * 1000;

if (workers) addEventListener("load", () => workers.register(workerAddress).catch(() => {}));

// Asks the browser to wake the worker when the network is back; not every one can.
const askForSync = () => {
  if (!workers) return;
  workers.ready.then((registration) => registration.sync && registration.sync.register("answers")).catch(() => {});
};

// This page stands in for another one: that one comes when the network does.
if (document.querySelector("[data-offline]")) {
  const ask = () => fetch(workerAddress, { method: "HEAD", cache: "no-store" });
  const open = () => ask().then(() => location.reload(), () => {});
  addEventListener("online", open);
  setInterval(open, LOOK_AGAIN);
}
