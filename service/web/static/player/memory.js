// What this phone remembers for its reader. Where that is not allowed it forgets, and nothing else changes.
const name = (key) => `loa:${key}`;

export const recall = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name(key))) ?? otherwise;
  } catch {
    return otherwise;
  }
};

export const remember = (key, value) => {
  try {
    localStorage.setItem(name(key), JSON.stringify(value));
  } catch {
    // Private windows and full phones: the sound goes on without a memory.
  }
};

// A map that forgets what was put in first: { id: [value, time] }.
export const noted = (key) => Object.fromEntries(Object.entries(recall(key, {})).map(([id, [value]]) => [id, value]));

export const note = (key, id, value, most = 200) => {
  const kept = recall(key, {});
  if (value === null) delete kept[id];
  else kept[id] = [value, Date.now()];
  const newest = Object.entries(kept).sort(([, a], [, b]) => b[1] - a[1]).slice(0, most);
  remember(key, Object.fromEntries(newest));
};
