// Answers on their way, in IndexedDB: pages and the service worker share it, and it outlives both.
//
// An answer: {key, action, body, queuedAt, tried, leasedUntil, kiosk, state, thanks}. `state` is "waiting", "sent" (its
// text is erased, `thanks` is where its thanks stand) or "refused" (a person has to look at it). Times are milliseconds.
const HOUR = 3600 * 1000;
const LONGEST_WAIT = 72 * HOUR;
const ERASED_AFTER = 2 * LONGEST_WAIT;
const STORE = "answers";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opening = null;
const openOutbox = () => {
  if (!opening) {
    const request = indexedDB.open("koebako", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    opening = settled(request);
  }
  return opening;
};

// One transaction: `work` gets the store; what it returns is there when everything is on disk.
const inOutbox = async (mode, work) => {
  const transaction = (await openOutbox()).transaction(STORE, mode, { durability: "strict" });
  const written = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await work(transaction.objectStore(STORE));
  await written;
  return result;
};

const putAnswer = (answer) => inOutbox("readwrite", (store) => settled(store.put(answer)));
const removeAnswer = (key) => inOutbox("readwrite", (store) => settled(store.delete(key)));
const allAnswers = () => inOutbox("readonly", (store) => settled(store.getAll()));

// Changes an answer in one step, whatever other tabs do: `change` gets it and returns the new one, or null to leave it.
const changeAnswer = (key, change) =>
  inOutbox("readwrite", async (store) => {
    const answer = await settled(store.get(key));
    const changed = answer && change(answer);
    if (changed) await settled(store.put(changed));
    return changed || null;
  });

const isExpired = (answer) => answer.state === "waiting" && Date.now() - answer.queuedAt > LONGEST_WAIT;
const isWaiting = (answer) => answer.state === "waiting" && !isExpired(answer);
