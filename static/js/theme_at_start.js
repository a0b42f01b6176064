// A classic script, because it must run before the first paint: the chosen theme never flashes.
{
  let theme = null;
  try {
    theme = localStorage.getItem("callx.theme");
  } catch {
    // storage can be forbidden; then the system's theme it is
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
