// What was typed survives a reload, the back button and a crash, until it is sent. Where the browser
// keeps nothing (private mode, full), typing goes on without.
const DRAFT = "koebako draft ";
const DRAFT_PAUSE = 300;
const NOT_DRAFTED = ["seal", "waited"];
const UNTYPED = ["hidden", "submit", "button"];

const draftName = (action) => DRAFT + new URL(action).pathname;

const storage = (work) => {
  try {
    return work(localStorage);
  } catch (error) {
    return null;
  }
};

// A kiosk keeps none: the next person must not see it.
const keepsDrafts = (form) => !form.hasAttribute("data-kiosk");

const eraseDraft = (action) => storage((kept) => kept.removeItem(draftName(action)));

const keepDraft = (action, body) => {
  const fields = new URLSearchParams(body);
  NOT_DRAFTED.forEach((name) => fields.delete(name));
  storage((kept) => kept.setItem(draftName(action), JSON.stringify({ at: Date.now(), body: fields.toString() })));
};

const isOldDraft = (kept, name) => !(Date.now() - JSON.parse(kept.getItem(name)).at < LONGEST_WAIT);

const eraseOldDrafts = () =>
  storage((kept) =>
    Object.keys(kept)
      .filter((name) => name.startsWith(DRAFT) && isOldDraft(kept, name))
      .forEach((name) => kept.removeItem(name)),
  );

const bodyOf = (form) => new URLSearchParams(new FormData(form)).toString();

// Fills a form with what was entered; what was not is emptied. The seal is the page's own.
const fill = (form, fields) => {
  for (const control of form.elements) {
    const values = fields.getAll(control.name);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.name === "key") control.value = values[0] || "";
    else if ("value" in control && !UNTYPED.includes(control.type)) control.value = values[0] || "";
    // for whoever follows what is entered
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

// Puts the draft back into an untouched form; whether there was one.
const restoreDraft = (form) => {
  const draft = keepsDrafts(form) && storage((kept) => JSON.parse(kept.getItem(draftName(form.action))));
  if (!draft) return false;
  fill(form, new URLSearchParams(draft.body));
  return true;
};

// Keeps what is typed from now on; returns what erases it.
const keepDrafting = (form) => {
  let timer = 0;
  let dirty = false;
  const keep = () => {
    clearTimeout(timer);
    if (dirty && keepsDrafts(form)) keepDraft(form.action, bodyOf(form));
    dirty = false;
  };
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, DRAFT_PAUSE);
  });
  // a phone may end a page in the background without another word
  document.addEventListener("visibilitychange", keep);
  addEventListener("pagehide", keep);
  return () => {
    dirty = false;
    clearTimeout(timer);
    eraseDraft(form.action);
  };
};
