// Tells the customer where each answer of theirs is: 未送信, 送信済み or given up. The words are templates in the page, in
// its language; they appear in a live region, so that screen readers tell them too.
const letterBox = document.getElementById("outbox");
const letterWords = document.getElementById("letters");
const letters = new Map();

const removeLetter = (name) => {
  if (letters.has(name)) letters.get(name).remove();
  letters.delete(name);
};

// Shows the words of a state under a name, once; `actions` answers its buttons.
const showLetter = (name, state, actions = {}) => {
  const old = letters.get(name);
  if (old && old.dataset.state === state) return null;
  const letter = letterWords.content.querySelector(`[data-state="${state}"]`).cloneNode(true);
  letter.querySelectorAll("[data-do]").forEach((button) => {
    button.addEventListener("click", actions[button.dataset.do]);
  });
  if (old) old.replaceWith(letter);
  else letterBox.append(letter);
  letters.set(name, letter);
  return letter;
};

// What the customer wrote, to be copied where it could not be sent.
const textsOf = (answer) =>
  Array.from(new URLSearchParams(answer.body))
    .filter(([name, value]) => name.startsWith("text-") && value.trim())
    .map(([, value]) => value);

const showAnswer = (answer, actions) => {
  const letter = showLetter(answer.key, isExpired(answer) ? "expired" : answer.state, actions);
  if (!letter) return null;
  letter.querySelectorAll("[data-code]").forEach((place) => {
    place.textContent = codeOf(answer.key);
  });
  letter.querySelectorAll("a").forEach((link) => {
    link.href = answer.thanks;
  });
  letter.querySelectorAll("[data-texts]").forEach((place) => {
    place.replaceChildren(
      ...textsOf(answer).map((text) => {
        const quote = document.createElement("blockquote");
        quote.textContent = text;
        return quote;
      }),
    );
  });
  return letter;
};
