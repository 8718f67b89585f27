// The form sends itself through the outbox, so that an answer outlives a lost network, a closed page and a busy server.
// Where the browser keeps nothing, or where the server has something to show, the form goes the plain way.
const PAUSES = [1, 2, 4, 8];
const LATER = 60;
const PATIENCE = 3000;
const SLOW = 6000;
const KIOSK_PAUSE = 20 * 1000;

const form = (document.querySelector("form input[name=key]") || {}).form;
const isKiosk = Boolean(form && form.hasAttribute("data-kiosk"));
// the answer that this page itself has sent, while it is on its way
let own = "";

const within = (limit, promise) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), limit))]);

// Lets the browser itself send the answer and show what the server says.
const handOver = async (answer) => {
  // should the network fail just now, the form still has it
  if (!answer.kiosk) keepDraft(answer.action, answer.body);
  await removeAnswer(answer.key);
  const plain = document.createElement("form");
  plain.method = "post";
  plain.action = answer.action;
  plain.hidden = true;
  for (const [name, value] of new URLSearchParams(answer.body)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    plain.append(field);
  }
  document.body.append(plain);
  plain.submit();
};

const actionsFor = (answer) => ({
  retry: () => sendAgain(),
  look: () => handOver(answer),
  forget: async () => {
    await removeAnswer(answer.key);
    removeLetter(answer.key);
  },
});

// The customer's own answer waits: it stands where the form was.
const showOwn = (answer) => {
  removeLetter("sending");
  const letter = showAnswer(answer, actionsFor(answer));
  if (!letter) return;
  form.hidden = true;
  letter.querySelector("h2").focus();
  if (isKiosk) setTimeout(startAnew, KIOSK_PAUSE);
};

const followOwn = async (answer) => {
  if (answer.state === "sent") location.replace(answer.thanks);
  else if (answer.state === "refused") await handOver(answer);
  else if (answer.tried) showOwn(answer);
};

const showAnswers = async () => {
  const answers = await allAnswers();
  for (const answer of answers) {
    const over = Date.now() - answer.queuedAt > ERASED_AFTER;
    const seen = answer.state === "sent" && (answer.kiosk || answer.thanks === location.href);
    if (answer.key === own) await followOwn(answer);
    else if (over || seen) await removeAnswer(answer.key);
    else if (!answer.kiosk) showAnswer(answer, actionsFor(answer));
  }
  // another tab has sent them, and their thanks were seen there
  const gone = Array.from(letters.keys()).filter((name) => isKey(name) && !answers.some(({ key }) => key === name));
  gone.forEach(removeLetter);
  if (gone.includes(own)) startAnew();
};

let failures = 0;
let nextTry = 0;
let isTrying = false;

const tryLater = (pause) => {
  clearTimeout(nextTry);
  nextTry = setTimeout(trySending, Math.max(pause, 1000 * (PAUSES[failures] || LATER)));
  failures += 1;
};

const trySending = async () => {
  if (isTrying) return;
  isTrying = true;
  clearTimeout(nextTry);
  try {
    const { left, pause, leased } = await deliverAll();
    await showAnswers();
    // somebody else is at it: what became of it is known soon
    if (leased) failures = 0;
    if (left) tryLater(pause);
  } catch (error) {
    // a browser that keeps nothing has nothing to send
  } finally {
    isTrying = false;
  }
};

const sendAgain = () => {
  failures = 0;
  trySending();
};

// Whoever comes next (at a kiosk) finds an empty form with a key of its own, network or not.
const startAnew = () => {
  removeLetter("sending");
  removeLetter(own);
  own = "";
  fill(form, new URLSearchParams());
  form.elements.key.value = newKey();
  form.hidden = false;
  scrollTo(0, 0);
};

// A button may say what is to become of the answer: it counts as a field, as it does without a script.
const countButton = (button) => {
  if (!button || !button.name) return;
  if (button.name === "another") {
    // a new answer from here on, with a key of our own
    form.elements.seal.value = button.value;
    form.elements.key.value = newKey();
    return;
  }
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = button.name;
  field.value = button.value;
  form.append(field);
};

const send = async (eraseOwnDraft) => {
  const answer = {
    key: form.elements.key.value,
    action: form.action,
    body: bodyOf(form),
    queuedAt: Date.now(),
    tried: false,
    leasedUntil: 0,
    kiosk: isKiosk,
    state: "waiting",
    thanks: "",
  };
  await within(PATIENCE, putAnswer(answer));
  eraseOwnDraft();
  own = answer.key;
  failures = 0;
  // a network that neither works nor fails: nobody has to look at a still page
  const slow = setTimeout(() => showOwn(answer), SLOW);
  const outcome = await deliver(own);
  clearTimeout(slow);
  await showAnswers();
  if (!outcome || outcome.state === "waiting") {
    tryLater(outcome ? outcome.pause : 0);
    askForSync();
  }
};

const sendByItself = (eraseOwnDraft) => {
  // not `submitter`: phones of 2021 don't tell it, and Safari focuses no button
  let pressed = null;
  form.addEventListener("click", (event) => {
    pressed = event.target.closest("button[type=submit]");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (own || letters.has("sending")) return;
    removeLetter("draft");
    showLetter("sending", "sending");
    countButton(pressed);
    send(eraseOwnDraft).catch(() => form.submit());
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted || letters.has(own)) return;
    // back from the page of thanks: the same form, which may be changed and sent again under its key
    own = "";
    removeLetter("sending");
    form.hidden = false;
  });
};

// What was typed before stands in the form again; whoever does not want it begins anew.
const offerDraft = (eraseOwnDraft) => {
  if (!restoreDraft(form)) return;
  const forget = () => {
    fill(form, new URLSearchParams());
    form.elements.key.value = newKey();
    eraseOwnDraft();
    removeLetter("draft");
  };
  showLetter("draft", "draft", { forget });
};

const openForm = () => {
  const isFresh = !form.elements.key.value && !document.querySelector(".faults");
  const eraseOwnDraft = keepDrafting(form);
  if (isFresh) offerDraft(eraseOwnDraft);
  if (isFresh && !form.elements.key.value) form.elements.key.value = newKey();
  if (form.elements.key.value) sendByItself(eraseOwnDraft);
};

eraseOldDrafts();
if (form) openForm();
else if (location.pathname.endsWith("/thanks")) eraseDraft(location.href.replace("/thanks", ""));
if (letterBox && "indexedDB" in self) {
  sendAgain();
  addEventListener("online", sendAgain);
  document.addEventListener("visibilitychange", () => document.hidden || sendAgain());
}
