/** A mood of 0 (furious) to 100 (delighted) in a word. PURE. */

export function moodWord(mood) {
  if (mood < 20) return "furious";
  if (mood < 40) return "annoyed";
  if (mood < 60) return "calm";
  return mood < 80 ? "content" : "delighted";
}
