/** @file The script of the page: a line that moves over the roll with its sound, and a click that plays from there. */

export const playerScript = `
const figures = [...document.querySelectorAll("figure.excerpt")].filter((figure) => figure.querySelector("audio"));
const players = figures.map((figure) => figure.querySelector("audio"));
figures.forEach((figure, index) => {
  const audio = players[index];
  const roll = figure.querySelector(".roll");
  const view = roll.parentElement;
  const playhead = figure.querySelector(".playhead");
  const [begin, end, seconds] = ["begin", "end", "seconds"].map((name) => Number(roll.dataset[name]));
  const place = () => {
    const share = Math.min(1, audio.currentTime / seconds);
    playhead.style.left = 100 * (begin + share * (end - begin)) + "%";
    playhead.hidden = audio.paused && audio.currentTime === 0;
  };
  const follow = () => {
    place();
    // Where the roll is wider than the page.
    view.scrollLeft = playhead.offsetLeft - view.clientWidth / 2;
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener("play", () => {
    for (const other of players) if (other !== audio) other.pause();
    follow();
  });
  for (const event of ["timeupdate", "seeked"]) audio.addEventListener(event, place);
  roll.addEventListener("click", ({ clientX }) => {
    const { left, width } = roll.getBoundingClientRect();
    const share = ((clientX - left) / width - begin) / (end - begin);
    audio.currentTime = seconds * Math.min(1, Math.max(0, share));
    audio.play();
  });
});
`;
