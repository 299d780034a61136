/** Shorter ones are not worth a name. */
const least = 80;

/**
 * A schema in which the parts that it has more than once stand once, under `place`, and are referred to. Names are those
 * of the keys that the parts are first found under.
 */
export function withSharedParts(schema, place) {
  const counts = new Map();
  count(schema);
  const { [place]: own = {}, ...rest } = schema;
  const names = new Map();
  const made = { ...own };
  const whole = Object.entries(rest).map(([key, value]) => [key, replaced(value, key)]);
  for (const [name, part] of Object.entries(own)) made[name] = mapped(part, replaced);
  // The map grows: parts hold parts.
  for (const [text, name] of names) made[name] = mapped(JSON.parse(text), replaced);
  return { ...Object.fromEntries(whole), [place]: made };

  function count(value) {
    if (typeof value !== 'object' || value === null) return;
    const text = JSON.stringify(value);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    // What is in a part counts once, however often that stands.
    if (before === 0 || !isPart(value, text)) Object.values(value).forEach(count);
  }

  function replaced(value, key = '') {
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    if (counts.get(text) < 2 || !isPart(value, text)) return mapped(value, replaced);
    if (!names.has(text)) names.set(text, freeName(key));
    return { $ref: `#/${place}/${names.get(text)}` };
  }

  function freeName(key) {
    let name = /^\w+$/.test(key) ? key : 'part';
    for (let number = 2; Object.hasOwn(made, name); number += 1) name = `${key}${number}`;
    made[name] = true;
    return name;
  }
}

/** Whether a value is a schema of something by itself, and long. */
function isPart({ type, $ref, properties }, text) {
  if (text.length < least) return false;
  return (
    typeof type === 'string' || (Array.isArray(type) && properties === undefined) || typeof $ref === 'string'
  );
}

function mapped(value, each) {
  return Array.isArray(value)
    ? value.map((one) => each(one))
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, each(one, key)]));
}
