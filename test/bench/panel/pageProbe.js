// Runs in a webview's page: notes when rows are drawn and which messages come, and scrolls as a thumb does.
(() => {
  const framesMax = 600;
  const rowHeightPx = 24;
  const freePx = 3 * rowHeightPx;
  const now = () => performance.timeOrigin + performance.now();
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  /** Epoch milliseconds of the frame with the row, by sequence number. */
  const drawnMs = {};
  let fresh = [];

  function note(element) {
    const number = element.dataset?.sequenceNumber;
    if (number && !(number in drawnMs) && !fresh.includes(number)) fresh.push(number);
  }

  function frameOfFresh() {
    const atMs = now();
    for (const number of fresh) drawnMs[number] = atMs;
    fresh = [];
  }

  function watchRows() {
    const observer = new MutationObserver((mutations) => {
      const isFirst = fresh.length === 0;
      for (const { target, addedNodes } of mutations) {
        note(target);
        for (const added of addedNodes) {
          note(added);
          for (const row of added.querySelectorAll?.('[data-sequence-number]') ?? []) note(row);
        }
      }
      if (isFirst && fresh.length > 0) requestAnimationFrame(frameOfFresh);
    });
    const attributeFilter = ['data-sequence-number'];
    observer.observe(document, { subtree: true, childList: true, attributeFilter });
  }

  /** What came from the host. */
  const came = { messages: 0, ticks: 0, pages: 0, pageMs: 0 };

  function watchMessages() {
    const take = ({ data }) => {
      came.messages++;
      if (data?.name === 'tick') came.ticks++;
      if (data?.kind !== 'reply' || !data.result?.rows) return;
      came.pages++;
      came.pageMs = now();
    };
    addEventListener('message', take, true); // before the panel's own listener
  }

  const scroller = () => document.querySelector('.grid .scroller');

  /** How many rows in sight are not there, or wait for their content. */
  function blankRows() {
    const { scrollTop, clientHeight } = scroller();
    const topPx = scroller().getBoundingClientRect().top - scrollTop;
    const filled = new Set();
    for (const row of document.querySelectorAll('.grid .rows [role="row"]')) {
      if (row.getAttribute('aria-busy') === 'true') continue;
      filled.add(Math.round((row.getBoundingClientRect().top - topPx) / rowHeightPx));
    }
    const contentPx = document.querySelector('.grid .rows').clientHeight;
    // the free space below the newest row is none
    const endPx = Math.min(scrollTop + clientHeight, contentPx - freePx);
    let blank = 0;
    for (let row = Math.floor(scrollTop / rowHeightPx); row * rowHeightPx < endPx; row++) {
      if (!filled.has(row)) blank++;
    }
    return blank;
  }

  /** Frames until this is so; throws when it never is. */
  async function framesUntil(isSo) {
    for (let frames = 1; frames <= framesMax; frames++) {
      await nextFrame();
      if (isSo()) return frames;
    }
    throw new Error(`not so after ${framesMax} frames; ${blankRows()} rows are blank`);
  }

  /**
   * Moves the thumb there, at `share` of the way (0 to 1). Tells how many frames after the page's arrival all
   * rows in sight were drawn, how long the page took, and how many rows were blank once all was at rest.
   */
  async function scrollTo(share) {
    const element = scroller();
    const pages = came.pages;
    const beganMs = now();
    const atRest = new Promise((resolve) => {
      element.addEventListener('scrollend', resolve, { once: true });
    });
    element.scrollTop = Math.floor(share * (element.scrollHeight - element.clientHeight));
    let [frames, seen] = [0, pages];
    await framesUntil(() => {
      if (came.pages === pages) return false;
      frames = came.pages === seen ? frames + 1 : 1;
      seen = came.pages;
      return blankRows() === 0;
    });
    const filledMs = now();
    await atRest;
    for (let frame = 0; frame < 5; frame++) await nextFrame();
    const { pageMs } = came;
    return {
      frames,
      pageMs: pageMs - beganMs,
      drawMs: filledMs - pageMs,
      blankAtRest: blankRows(),
    };
  }

  globalThis.benchProbe = { drawnMs, came, watchRows, watchMessages, scrollTo, blankRows };
})();
