// The workbench by keyboard: J next, K previous, Enter open, ? help. Works on what the server sent.
(function () {
  "use strict";
  function links() {
    return Array.prototype.slice.call(document.querySelectorAll("table[data-work] a[data-open]"));
  }
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "?") {
      var help = document.getElementById("work-keys");
      if (help) help.open = !help.open;
      return;
    }
    var step = { j: 1, J: 1, k: -1, K: -1 }[event.key];
    if (!step) return; // Enter on a focused link opens it without us
    var all = links();
    if (!all.length) return;
    var here = all.indexOf(document.activeElement);
    var next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].focus();
    event.preventDefault();
  });
})();
