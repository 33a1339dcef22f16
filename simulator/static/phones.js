// Phones in the browser: each shows what the carrier's events tell of its number, and presses keys over HTTP.

const KEYS = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"], ["*", ""], ["0", "+"], ["#", ""]];
const NAMES = { "*": "star", "#": "hash" };
const TONES = { 1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477], 7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477] };
const ENDINGS = { completed: "Call ended", busy: "Busy", rejected: "Rejected, nothing to pay", "no-answer": "Missed", canceled: "The other side hung up", failed: "Call failed" };
const GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_TWICE = "^{}\\[~]|€\f";

const desk = document.getElementById("desk");
const aloud = document.getElementById("aloud");
const phones = new Map();
let lines = [];
let roles = {};
let active = null;
let touched = false; // browsers let a page make sounds, and shake the phone that it is on, only once somebody used it

// Sound ------------------------------------------------------------------------------------------------------------

let speakers = null;
const context = () => (speakers ??= new AudioContext());

function beep(frequencies, seconds, loudness = 0.06) {
  if (!aloud.checked || !touched) return;
  const audio = context(), gain = audio.createGain(), end = audio.currentTime + seconds;
  gain.gain.setValueAtTime(loudness, audio.currentTime);
  gain.gain.setTargetAtTime(0, end - 0.03, 0.01);
  gain.connect(audio.destination);
  for (const frequency of frequencies) {
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start();
    tone.stop(end + 0.05);
  }
}

// A knock in the hand where the device can; on the page the phone shakes.
function buzz(pattern) {
  if (touched) navigator.vibrate?.(pattern);
}

// One thing after another: the next begins when the last is over; a key or the end of the call makes it silent.
class Voice {
  queue = [];
  playing = null;

  say(text, language) { this.add(() => this.spoken(text, language)); }
  play(url) { this.add(() => this.recorded(url)); }

  add(begin) {
    if (!aloud.checked) return;
    this.queue.push(begin);
    if (!this.playing) this.next();
  }

  next() {
    this.playing = this.queue.shift()?.() ?? null;
  }

  over(what) {
    if (this.playing === what) this.next();
  }

  spoken(text, language) {
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    const voice = voices.find(v => v.lang.replace("_", "-") === language) ?? voices.find(v => v.lang.slice(0, 2) === language.slice(0, 2));
    if (!voice) return null;
    const words = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang });
    words.onend = words.onerror = () => this.over(words);
    speechSynthesis.speak(words);
    return words;
  }

  recorded(url) {
    const sound = new Audio(url);
    sound.onended = sound.onerror = () => this.over(sound);
    sound.play().catch(() => this.over(sound));
    return sound;
  }

  hush() {
    this.queue = [];
    const was = this.playing;
    this.playing = null;
    if (was instanceof Audio) was.pause();
    else if (was) speechSynthesis.cancel();
  }
}

// One phone --------------------------------------------------------------------------------------------------------

class Phone {
  last = 0;
  typed = "";
  status = "idle";
  sid = null;
  began = 0;
  unread = 0;
  voice = new Voice();
  bubbles = new Map();

  constructor(number) {
    this.number = number;
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.find = name => this.root.querySelector(name);
    this.wishes = JSON.parse(localStorage.getItem(`phone ${number}`) ?? "{}");
    this.build();
    this.empty();
    this.show();
  }

  build() {
    const { root, find } = this;
    root.setAttribute("aria-label", `Phone ${this.number}`);
    for (const [key, letters] of KEYS) find(".keys").append(this.keyButton(key, letters));
    find(".green").onclick = () => this.green();
    find(".red").onclick = () => this.red();
    find(".take").onclick = () => this.take(false);
    find(".machine").onclick = () => this.take(true);
    find(".refuse").onclick = () => this.ask("decline");
    find(".ignore").onclick = () => this.ask("ring-out");
    find(".remove").onclick = () => remove(this);
    find(".own").textContent = this.number;
    const input = find(".number input"), select = find(".line select"), hide = find(".hide input");
    input.value = this.number;
    input.onchange = () => renumber(this, input.value.replace(/[\s()-]/g, ""));
    select.append(...lines.map(line => new Option(named(line), line)));
    select.value = lines.includes(this.wishes.line) ? this.wishes.line : lines[0];
    hide.checked = this.wishes.withheld ?? false;
    select.onchange = hide.onchange = () => this.remember();
    this.buildTabs();
    this.buildComposer();
    root.addEventListener("focusin", () => { active = this; });
    root.addEventListener("pointerdown", () => { active = this; });
    this.clock = setInterval(() => this.status === "in-progress" && this.show(), 500);
  }

  keyButton(key, letters) {
    const button = make("button", "", make("b", "", key), make("small", "", letters));
    button.type = "button";
    button.dataset.key = key;
    button.setAttribute("aria-label", [NAMES[key] ?? key, ...(letters.length > 1 ? letters : "")].join(" "));
    button.onclick = () => this.press(key);
    return button;
  }

  buildTabs() {
    const tabs = [this.find(".to-call"), this.find(".to-texts")];
    tabs.forEach((tab, at) => {
      tab.onclick = () => this.open(at === 1);
      tab.onkeydown = event => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        this.open(at === 0);
        tabs[1 - at].focus();
      };
    });
  }

  buildComposer() {
    const form = this.find(".composer"), area = this.find("textarea"), count = this.find("output");
    const counted = () => { count.textContent = area.value ? parts(segments(area.value)) : ""; };
    area.oninput = counted;
    area.onkeydown = event => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form.onsubmit = async event => {
      event.preventDefault();
      const body = area.value;
      if (!body.trim()) return;
      area.value = "";
      counted();
      if (!(await this.ask("texts", { line: this.line, body, withheld: this.withheld }))) area.value = body;
    };
  }

  get line() { return this.find(".line select").value; }
  get withheld() { return this.find(".hide input").checked; }

  remember() {
    this.wishes = { line: this.line, withheld: this.withheld };
    localStorage.setItem(`phone ${this.number}`, JSON.stringify(this.wishes));
    this.show();
  }

  open(texts) {
    this.find(".call").hidden = texts;
    this.find(".texts").hidden = !texts;
    for (const [name, on] of [[".to-call", !texts], [".to-texts", texts]]) {
      this.find(name).setAttribute("aria-selected", on);
      this.find(name).tabIndex = on ? 0 : -1;
    }
    if (texts) this.read();
    for (const list of this.root.querySelectorAll("ol")) list.scrollTop = list.scrollHeight;
  }

  read() {
    this.unread = 0;
    this.find(".unread").hidden = true;
  }

  // What the person does

  press(key) {
    beep(TONES[key], 0.12);
    this.flash(key);
    if (this.status === "in-progress") this.ask("keys", { keys: key });
    else if (this.status === "idle") {
      this.typed = (this.typed + key).slice(-18);
      this.show();
    }
  }

  flash(key) {
    const button = this.find(`[data-key="${key}"]`);
    button.classList.add("down");
    setTimeout(() => button.classList.remove("down"), 120);
  }

  green() {
    if (this.status === "incoming") return this.take(false);
    if (this.status !== "idle") return null;
    const line = this.typed ? lines.find(number => number.replace("+", "").endsWith(this.typed.replace(/^0+/, "") || "?")) : this.line;
    this.typed = "";
    if (!line) return this.show("No such number");
    this.open(false);
    return this.ask("call", { line, withheld: this.withheld });
  }

  red() {
    if (this.status === "incoming") return this.ask("decline");
    if (this.status !== "idle") return this.ask("hang-up");
    this.typed = this.typed.slice(0, -1);
    return this.show();
  }

  take(machine) {
    this.open(false);
    if (machine) this.entry("note", "An answering machine takes the call");
    return this.ask("answer", { machine });
  }

  async ask(what, wish = {}) {
    const answer = await fetch(`/phones/${encodeURIComponent(this.number)}/${what}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
    }).catch(() => null);
    if (!answer) this.show("No network");
    return answer?.ok ?? false;
  }

  // What the carrier tells

  take_in(event) {
    if (event.id <= this.last) return;
    this.last = event.id;
    this[`on_${event.type}`](event);
    this.show();
  }

  on_call(event) {
    const mine = event.direction === "inbound";
    if (event.sid !== this.sid) this.entry("starts", `${mine ? "You ring" : "Call from"} ${event.other}`);
    this.sid = event.sid;
    this.other = event.other;
    this.mine = mine;
    const now = { ringing: mine ? "calling" : "incoming", "in-progress": "in-progress" }[event.status] ?? "idle";
    if (now === "in-progress" && this.status !== "in-progress") this.began = Date.now();
    this.status = now;
    this.words = now === "idle" ? this.words : "";
    ring(this, now === "incoming" && !event.old);
  }

  on_heard(event) {
    if (event.sid === this.sid && this.status === "in-progress" && event.old) this.began = Date.now() - event.at * 1000;
    const show = this[`heard_${event.kind}`];
    if (show) show.call(this, event);
  }

  heard_say(event) {
    this.entry("say", event.text, event.at);
    this.words = event.text;
    if (!event.old) this.voice.say(event.text, event.language);
  }

  heard_play(event) {
    if (event.transcript && !event.text) return this.heard_pause(event);
    const entry = this.entry("play", event.text, event.at);
    entry.querySelector("p").append(make("span", "mark", "recording"));
    this.words = event.transcript ? event.text : "♪";
    if (!event.old) this.voice.play(event.url);
    return entry;
  }

  heard_pause(event) {
    const entry = this.entry("pause", `${"·".repeat(Math.min(12, Math.ceil(event.seconds)))} ${Math.round(event.seconds)} s`, event.at);
    entry.setAttribute("aria-label", `pause of ${Math.round(event.seconds)} seconds`);
  }

  heard_press(event) {
    this.voice.hush();
    const entry = this.entry("press", "", event.at);
    entry.querySelector("p").append("you press", make("kbd", "", event.text));
    this.words = "";
  }

  heard_record(event) {
    this.entry("note", "It records you now. Press any key to end.", event.at);
    this.words = "● recording";
    if (!event.old) beep([1000], 0.4);
  }

  heard_speak(event) { this.entry("note", `You spoke for ${Math.round(event.seconds)} s.`, event.at); }
  heard_talk(event) { this.entry("note", "You are connected: two people talk now.", event.at); this.words = "Connected"; }
  heard_ring(event) { this.entry("note", `Rings at ${event.text} …`, event.at); }

  heard_over(event) {
    this.voice.hush();
    const how = event.text === "busy" && !this.mine ? "Declined" : ENDINGS[event.text] ?? event.text;
    this.entry("note", event.at ? `${how} · ${clock(event.at)}` : how, event.at);
    this.words = how;
  }

  on_text(event) {
    if (event.error) return this.lost(event);
    if (!event.mine && event.status !== "delivered") return;
    let bubble = this.bubbles.get(event.sid);
    if (!bubble) {
      this.find(".thread .empty")?.remove();
      bubble = make("li", event.mine ? "own" : "", make("p", "", event.body), make("small"));
      this.bubbles.set(event.sid, bubble);
      this.find(".thread").append(bubble);
      this.arrived(event);
    }
    const time = new Date(event.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const about = [time, parts(event.segments)];
    if (lines.length > 1) about.push(event.line);
    if (event.by_carrier) about.push("the carrier itself");
    bubble.querySelector("small").textContent = about.join(" · ");
    this.find(".thread").scrollTop = this.find(".thread").scrollHeight;
  }

  arrived(event) {
    if (event.mine || event.old) return;
    beep([880, 1320], 0.15, 0.04);
    buzz([120, 80, 120]);
    this.shake();
    notice();
    if (this.status === "idle") this.words = `New text from ${event.line}`;
    if (!this.find(".texts").hidden) return;
    this.unread += 1;
    this.find(".unread").hidden = false;
    this.find(".unread").textContent = this.unread;
  }

  shake() {
    const device = this.find(".device");
    device.classList.remove("buzz");
    void device.offsetWidth; // begins again although it still shakes
    device.classList.add("buzz");
  }

  // What the service sent and this phone never gets.
  lost(event) {
    this.find(".thread .empty")?.remove();
    this.find(".thread").append(make("li", "astray", make("p", "", `A text to this phone is ${event.status}: error ${event.error}`)));
  }

  on_problem(event) {
    this.entry("problem", `Error ${event.code}: ${event.message}`);
  }

  // What is shown

  empty() {
    const call = make("li", "empty"), texts = make("li", "empty", "No texts yet.");
    call.append("Press the green key to ring. You can type keys too: ", make("kbd", "", "0"), " to ", make("kbd", "", "9"), ", ", make("kbd", "", "Enter"), " to call, ", make("kbd", "", "Esc"), " to hang up.");
    this.find(".transcript").append(call);
    this.find(".thread").append(texts);
  }

  entry(kind, text, at) {
    this.find(".transcript .empty")?.remove();
    const time = make("time", "", at === undefined ? "" : clock(at));
    const item = kind === "starts" ? make("li", kind, text) : make("li", kind, time, make("p", "", text));
    const list = this.find(".transcript");
    const below = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    list.append(item);
    if (below) list.scrollTop = list.scrollHeight;
    return item;
  }

  show(message) {
    const states = { idle: "Ready", calling: "Calling…", incoming: "Incoming call", "in-progress": clock((Date.now() - this.began) / 1000) };
    this.root.classList.toggle("typed", Boolean(this.typed));
    this.root.classList.toggle("ringing", this.status === "incoming");
    this.find(".state").textContent = message ?? states[this.status];
    this.find(".words").replaceChildren(make("p", "", this.typed || (this.status === "incoming" ? this.other : this.words) || ""));
    this.find(".foot").textContent = { idle: `rings ${this.line}`, incoming: "green takes it, red does not" }[this.status] ?? (this.withheld ? "number hidden" : this.other);
    this.find(".incoming").hidden = this.status !== "incoming";
    this.find(".incoming p").textContent = `${this.other} is calling`;
  }

  leave() {
    this.voice.hush();
    ring(this, false);
    clearInterval(this.clock);
    this.root.remove();
  }
}

// The desk ---------------------------------------------------------------------------------------------------------

const rings = new Map();

function ring(phone, on) {
  clearInterval(rings.get(phone));
  rings.delete(phone);
  if (!on) return;
  const once = () => {
    beep([440, 480], 0.9, 0.05);
    buzz([400, 200, 400]);
  };
  once();
  rings.set(phone, setInterval(once, 2500));
}

// The title -----------------------------------------------------------------------------------------------------------

const TITLE = document.title;
let unseen = 0;
let blinks = false;

const looked_at = () => !document.hidden && document.hasFocus();

function notice() {
  if (!looked_at()) unseen += 1;
}

// What waits stands in the title: who rings, or how many texts came, every other second while nobody looks.
function blink() {
  if (looked_at()) unseen = 0;
  const ringing = [...rings.keys()][0];
  const news = ringing ? `☎ ${ringing.other} rings` : unseen ? `(${unseen}) ${unseen === 1 ? "new text" : "new texts"}` : "";
  blinks = !blinks && !looked_at();
  document.title = news && blinks ? news : unseen ? `(${unseen}) ${TITLE}` : TITLE;
}

function make(name, className = "", ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

const named = line => (roles[line] ? `${line} · ${roles[line]}` : line);
const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const parts = count => `${count} ${count === 1 ? "segment" : "segments"}`;

function segments(text) {
  const letters = [...text];
  const plain = letters.every(letter => GSM.includes(letter) || GSM_TWICE.includes(letter));
  const sizes = letters.map(letter => (plain ? 1 + GSM_TWICE.includes(letter) : letter.length));
  const [whole, part] = plain ? [160, 153] : [70, 67];
  if (sizes.reduce((sum, size) => sum + size, 0) <= whole) return 1;
  let count = 1, used = 0;
  for (const size of sizes) {
    if (used + size > part) [count, used] = [count + 1, 0];
    used += size;
  }
  return count;
}

let stream = null;

function follow() {
  stream?.close();
  stream = new EventSource(`/phones/${[...phones.keys()].map(encodeURIComponent).join(",")}/events`);
  stream.onmessage = message => {
    const event = JSON.parse(message.data);
    phones.get(event.phone)?.take_in(event);
  };
  stream.onopen = () => { document.getElementById("lost").hidden = true; };
  stream.onerror = () => { document.getElementById("lost").hidden = false; };
}

function keep() {
  const hash = [...phones.keys()].join(",");
  history.replaceState(null, "", `#${hash}`);
  localStorage.setItem("phones", hash);
  follow();
}

function add(number, before = null) {
  const phone = new Phone(number);
  phones.set(number, phone);
  desk.insertBefore(phone.root, before);
  active ??= phone;
  return phone;
}

function remove(phone) {
  if (phones.size === 1) return;
  phone.leave();
  phones.delete(phone.number);
  if (active === phone) active = [...phones.values()][0];
  keep();
}

function renumber(phone, number) {
  if (number === phone.number) return;
  if (!/^\+?\d{3,15}$/.test(number) || phones.has(number)) {
    phone.find(".number input").value = phone.number;
    phone.show(phones.has(number) ? "Number is taken" : "No such number");
    return;
  }
  const fresh = add(number, phone.root.nextSibling);
  remove(phone);
  active = fresh;
  fresh.find(".number input").focus();
}

function free() {
  let next = 711000001;
  while (phones.has(`+254${next}`)) next += 1;
  return `+254${next}`;
}

function typed(event) {
  const elsewhere = event.target.closest("input, textarea, select");
  if (elsewhere || event.ctrlKey || event.metaKey || event.altKey || !active) return;
  const inButton = event.target.closest("button");
  if (event.key in TONES) active.press(event.key);
  else if (event.key === "Enter" && !inButton) active.green();
  else if (event.key === "Escape" || event.key === "Backspace") active.red();
  else return;
  event.preventDefault();
}

function wanted() {
  const given = decodeURIComponent(location.hash.slice(1)) || localStorage.getItem("phones") || "";
  const numbers = given.split(",").filter(number => /^\+?\d{3,15}$/.test(number));
  return numbers.length ? [...new Set(numbers)] : [free()];
}

async function begin() {
  ({ numbers: lines, roles } = await (await fetch("/phones/lines")).json());
  for (const number of wanted()) add(number);
  keep();
  aloud.checked = localStorage.getItem("aloud") !== "no";
  aloud.onchange = () => {
    localStorage.setItem("aloud", aloud.checked ? "yes" : "no");
    if (!aloud.checked) for (const phone of phones.values()) phone.voice.hush();
  };
  document.getElementById("add").onclick = () => {
    active = add(free());
    keep();
    active.root.scrollIntoView({ behavior: "smooth", block: "nearest" });
    active.find(".green").focus();
  };
  addEventListener("keydown", typed);
  for (const first of ["pointerdown", "keydown"]) addEventListener(first, () => { touched = true; }, { capture: true });
  for (const change of ["focus", "blur", "visibilitychange"]) addEventListener(change, blink, { capture: true });
  setInterval(blink, 1000);
}

begin();
