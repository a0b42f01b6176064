/** Tells every open page, in this tab and in others, that something was completed. */

const CHANNEL = "callx.progress";

export function tellProgress() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("changed");
  channel.close();
}

/** Calls `listener()` at such news, and when the page is looked at again; returns how to stop that. */
export function onProgress(listener) {
  const channel = new BroadcastChannel(CHANNEL);
  const seen = () => document.visibilityState === "visible" && listener();
  channel.addEventListener("message", () => listener());
  document.addEventListener("visibilitychange", seen);
  return () => {
    channel.close();
    document.removeEventListener("visibilitychange", seen);
  };
}
