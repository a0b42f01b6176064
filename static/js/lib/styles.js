/** Style sheets that only some pages need, loaded with the first of them. */

const asked = new Map();

/** Resolves when every named sheet of css/pages is there; one that cannot be loaded is asked for again next time. */
export function needStyles(names = []) {
  return Promise.all(names.map((name) => asked.get(name) ?? ask(name)));
}

function ask(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `/static/css/pages/${name}.css`;
  const loaded = new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      asked.delete(name);
      link.remove();
      resolve();
    });
  });
  asked.set(name, loaded);
  document.head.append(link);
  return loaded;
}
