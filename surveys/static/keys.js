// The key of one answer: 32 symbols of Crockford's base 32, made here, so that a page from a cache never lends its own to
// a second person. Its first 12 are the deletion code. (surveys/submission_keys.py is the server's side.)
const KEY_LENGTH = 32;
const SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz";

// not crypto.randomUUID: a browser has it on https only
const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_LENGTH));
  return Array.from(bytes, (byte) => SYMBOLS[byte % SYMBOLS.length]).join("");
};

const isKey = (name) => name.length === KEY_LENGTH;

const codeOf = (key) => key.slice(0, 12).toUpperCase().match(/.{4}/g).join("-");
