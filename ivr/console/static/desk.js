// Asks every twenty seconds what is new; holds no connection meanwhile. Without it the page is as good, but reloaded by hand.
const quiet = document.getElementById("quiet");
let urgent = +document.getElementById("line").dataset.u, sound;

addEventListener("pointerdown", () => (sound ||= new AudioContext()), { once: true });

function beep() {
  if (!sound) return;
  const tone = sound.createOscillator();
  tone.connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.6);
}

async function look() {
  if (document.hidden) return;
  const line = document.getElementById("line");
  try {
    const news = await fetch("news?v=" + line.dataset.v);
    if (news.status == 401) return location.reload();
    quiet.hidden = news.ok;
    if (news.status != 200) return;
    const focus = document.activeElement.getAttribute("formaction");
    line.outerHTML = await news.text();
    if (focus) document.querySelector(`[formaction="${focus}"]`)?.focus();
    const now = +document.getElementById("line").dataset.u;
    if (now > urgent) beep();
    document.title = document.title.replace(/^(! )?/, now > urgent ? "! " : "");
    urgent = now;
  } catch {
    quiet.hidden = false;
  }
}

setInterval(look, 20000);
document.addEventListener("visibilitychange", look);
