// Sends answers that wait. Sending one twice is harmless (the server stores a key once), so every doubt means: again.
const ATTEMPT = 20 * 1000;
// longer than an attempt: whoever died while sending keeps the others waiting for no longer than this
const LEASE = 30 * 1000;

// Only our page of thanks proves that an answer is stored: the sign-in page of a shop's Wi-Fi answers 200 as well.
const isThanked = (response, action) =>
  response.ok && new URL(response.url).pathname === `${new URL(action).pathname}/thanks`;

const isAgain = (response) => response.ok || response.status === 429 || response.status >= 500;

const post = async (answer) => {
  const body = new URLSearchParams(answer.body);
  const waited = Math.min(Math.max(Date.now() - answer.queuedAt, 0), LONGEST_WAIT);
  if (answer.tried) body.set("waited", Math.floor(waited / 1000));
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), ATTEMPT);
  try {
    const response = await fetch(answer.action, { method: "POST", body, cache: "no-store", signal: giveUp.signal });
    if (isThanked(response, answer.action)) return { state: "sent", thanks: response.url };
    if (!isAgain(response)) return { state: "refused" };
    return { state: "waiting", pause: 1000 * (Number(response.headers.get("Retry-After")) || 0) };
  } catch (error) {
    return { state: "waiting", pause: 0 };
  } finally {
    clearTimeout(timer);
  }
};

const claim = (key) => {
  const now = Date.now();
  return changeAnswer(key, (answer) =>
    // a clock that was set back must not lease for years
    !isWaiting(answer) || (answer.leasedUntil > now && answer.leasedUntil <= now + LEASE)
      ? null
      : { ...answer, leasedUntil: now + LEASE },
  );
};

// Tries one answer; what became of it, or null when another tab is at it or nothing is left to do.
const deliver = async (key) => {
  const answer = await claim(key);
  if (!answer) return null;
  const outcome = await post(answer);
  await changeAnswer(key, (stored) => ({
    ...stored,
    state: outcome.state,
    tried: true,
    leasedUntil: 0,
    body: outcome.state === "sent" ? "" : stored.body,
    thanks: outcome.thanks || "",
  }));
  return outcome;
};

// Tries every answer that waits, until the network fails. How many still wait (`left`), for how long at least (`pause`),
// and whether another tab or the worker is at one of them (`leased`).
const deliverAll = async () => {
  let pause = 0;
  for (const { key } of (await allAnswers()).filter(isWaiting)) {
    const outcome = await deliver(key);
    if (outcome && outcome.state === "waiting") {
      pause = outcome.pause;
      break;
    }
  }
  const waiting = (await allAnswers()).filter(isWaiting);
  return { left: waiting.length, pause, leased: waiting.some((answer) => answer.leasedUntil > Date.now()) };
};
