/**
 * @file The script of a kit's page. It runs in a browser as it stands here, so it is plain JavaScript of 2020 without backticks.
 *
 * The state is one object, written to the browser's storage after every answer: the listener, the order of the trials, which way
 * each coin fell, and the answers in the order in which they were given.
 */
export const script = `"use strict";
(function () {
  const kit = JSON.parse(document.getElementById("kit").textContent);
  const storageKey = "rubato-listening-" + kit.kit;
  const at = function (id) { return document.getElementById(id); };
  const sides = ["a", "b"];
  const answerOfKey = { a: "a", b: "b", t: "none" };
  /** Stands in for the file's end, which players reach more or less exactly. */
  const nearEnd = 0.15;

  let state = load();
  let current = null;
  let lastSide = "a";

  function randomBelow(bound) {
    const words = new Uint32Array(1);
    crypto.getRandomValues(words);
    return Math.floor((words[0] / 4294967296) * bound);
  }

  function shuffled(items) {
    const result = items.slice();
    for (let i = result.length - 1; i > 0; i--) {
      const j = randomBelow(i + 1);
      const kept = result[i];
      result[i] = result[j];
      result[j] = kept;
    }
    return result;
  }

  function newState(name) {
    const bytes = new Uint8Array(8);
    crypto.getRandomValues(bytes);
    const id = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    const coins = {};
    kit.trials.forEach(function (trial) {
      if (!(trial.coin in coins)) coins[trial.coin] = randomBelow(2) === 1;
    });
    const order = shuffled(kit.trials.map(function (trial) { return trial.id; }));
    return { listener: { id: id, name: name }, order: order, coins: coins, answers: [] };
  }

  function load() {
    try {
      const text = localStorage.getItem(storageKey);
      const found = text === null ? null : JSON.parse(text);
      return found !== null && Array.isArray(found.order) && found.order.length === kit.trials.length ? found : null;
    } catch (error) {
      notify("What was answered before could not be read (" + error.message + "), so the test begins anew.");
      return null;
    }
  }

  function save() {
    try {
      if (state === null) localStorage.removeItem(storageKey);
      else localStorage.setItem(storageKey, JSON.stringify(state));
    } catch (error) {
      notify("This browser keeps no answers (" + error.message + "): do not close or reload the page before you have exported them.");
    }
  }

  function notify(sentence) {
    at("notice").textContent = sentence;
    at("notice").hidden = false;
  }

  function say(sentence) {
    at("status").textContent = sentence;
  }

  function show(name) {
    ["start", "trial", "end"].forEach(function (each) { at(each).hidden = each !== name; });
  }

  function go() {
    stop();
    if (state === null) {
      current = null;
      show("start");
      return;
    }
    if (state.answers.length < kit.trials.length) {
      openTrial();
      return;
    }
    current = null;
    // What was exported before the last answer lacks it.
    at("exported").hidden = true;
    show("end");
    at("end-title").focus();
  }

  function openTrial() {
    const number = state.answers.length;
    const trial = kit.trials.find(function (each) { return each.id === state.order[number]; });
    const isTurned = state.coins[trial.coin];
    current = {
      trial: trial.id,
      shown: isTurned ? { a: trial.b, b: trial.a } : { a: trial.a, b: trial.b },
      heard: { a: 0, b: 0 },
      isHeard: { a: false, b: false },
      last: { a: 0, b: 0 },
      began: Date.now(),
      isOpen: false
    };
    lastSide = "a";
    sides.forEach(function (side) {
      const audio = at("audio-" + side);
      audio.src = "audio/" + current.shown[side] + ".mp3";
      audio.load();
      at("played-" + side).style.width = "0";
    });
    const title = "Pair " + (number + 1) + " of " + kit.trials.length;
    at("trial-title").textContent = title;
    at("progress").value = number;
    at("answered").hidden = number === 0;
    show("trial");
    update();
    at("trial-title").focus();
    say(title);
  }

  function stop() {
    sides.forEach(function (side) { at("audio-" + side).pause(); });
  }

  function play(side) {
    const other = side === "a" ? "b" : "a";
    at("audio-" + other).pause();
    lastSide = side;
    at("audio-" + side).play().catch(function (error) {
      // A pause that overtakes a beginning is no failure.
      if (error.name !== "AbortError") notify("Excerpt " + side.toUpperCase() + " could not be played: " + error.message);
    });
  }

  function toggle(side) {
    const audio = at("audio-" + side);
    if (audio.paused) play(side);
    else audio.pause();
  }

  /** Counts what was really played: neither pauses nor jumps. */
  function listen(side) {
    const audio = at("audio-" + side);
    if (current === null) return;
    const step = audio.currentTime - current.last[side];
    if (step > 0 && step < 1.5) current.heard[side] += step;
    current.last[side] = audio.currentTime;
    const length = audio.duration || kit.seconds;
    at("played-" + side).style.width = Math.min(100, (100 * audio.currentTime) / length) + "%";
    if (current.heard[side] >= Math.min(kit.leastHeard, length - nearEnd)) current.isHeard[side] = true;
    update();
  }

  function update() {
    const isOpen = current.isHeard.a && current.isHeard.b;
    ["a", "b", "none"].forEach(function (answer) { at("answer-" + answer).disabled = !isOpen; });
    if (isOpen && !current.isOpen) say("You can answer now.");
    current.isOpen = isOpen;
    at("hint").textContent = isOpen ? "Listen on as long as you like, or answer." : "To answer, hear " + sides
      .filter(function (side) { return !current.isHeard[side]; })
      .map(function (side) {
        return Math.max(1, Math.ceil(kit.leastHeard - current.heard[side])) + " s of " + side.toUpperCase();
      }).join(" and ") + ".";
  }

  function mark(side) {
    const isPlaying = !at("audio-" + side).paused && !at("audio-" + side).ended;
    at("player-" + side).classList.toggle("is-playing", isPlaying);
    at("play-" + side).setAttribute("aria-label", (isPlaying ? "Pause " : "Play ") + side.toUpperCase());
  }

  function answer(given) {
    if (current === null || !current.isOpen) return;
    const round = function (seconds) { return Math.round(10 * seconds) / 10; };
    state.answers.push({
      trial: current.trial,
      a: current.shown.a,
      b: current.shown.b,
      answer: given,
      heard: { a: round(current.heard.a), b: round(current.heard.b) },
      seconds: round((Date.now() - current.began) / 1000)
    });
    save();
    go();
  }

  function back() {
    state.answers.pop();
    save();
    go();
  }

  function exportAnswers() {
    const answers = {
      format: "rubato-listening-answers",
      version: 1,
      kit: kit.kit,
      listener: state.listener,
      answers: state.answers
    };
    const name = state.listener.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(answers, null, 1) + "\\n"], { type: "application/json" }));
    link.download = "answers-" + kit.kit + "-" + (name === "" ? "" : name + "-") + state.listener.id.slice(0, 6) + ".json";
    link.click();
    // Some browsers read it only after this turn.
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    at("exported").hidden = false;
    say("Your answers are exported as " + link.download);
  }

  sides.forEach(function (side) {
    const audio = at("audio-" + side);
    at("play-" + side).addEventListener("click", function () { toggle(side); });
    at("restart-" + side).addEventListener("click", function () {
      audio.currentTime = 0;
      if (current !== null) current.last[side] = 0;
      play(side);
    });
    at("answer-" + side).addEventListener("click", function () { answer(side); });
    audio.addEventListener("timeupdate", function () { listen(side); });
    audio.addEventListener("seeked", function () {
      if (current !== null) current.last[side] = audio.currentTime;
    });
    ["play", "pause", "ended"].forEach(function (name) {
      audio.addEventListener(name, function () { mark(side); });
    });
    audio.addEventListener("error", function () {
      if (current === null) return;
      notify("Excerpt " + side.toUpperCase() + " could not be loaded: is the folder audio beside this page whole? Reload the page to try again.");
    });
  });
  at("answer-none").addEventListener("click", function () { answer("none"); });
  at("back").addEventListener("click", back);
  at("export").addEventListener("click", exportAnswers);
  at("export-early").addEventListener("click", exportAnswers);
  at("another").addEventListener("click", function () {
    state = null;
    save();
    at("exported").hidden = true;
    at("name").value = "";
    go();
    at("start-title").focus();
  });
  at("begin-form").addEventListener("submit", function (event) {
    event.preventDefault();
    state = newState(at("name").value.trim());
    save();
    go();
  });
  document.addEventListener("keydown", function (event) {
    if (current === null || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key in answerOfKey) answer(answerOfKey[key]);
    else if (key === "1") toggle("a");
    else if (key === "2") toggle("b");
    // On a button the space bar presses that button.
    else if (key === " " && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      toggle(lastSide);
    }
  });
  go();
})();
`;
