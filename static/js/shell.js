// The shell: folding the menu. Loaded in the head so that a folded menu does not flash.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("has-js");
  try {
    root.classList.toggle("is-folded", localStorage.getItem("folded") === "1");
  } catch (e) { /* storage may be forbidden; the menu then stays open */ }

  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-fold]")) return;
    var folded = root.classList.toggle("is-folded");
    try { localStorage.setItem("folded", folded ? "1" : "0"); } catch (e) { /* as above */ }
  });

  // A new answer of the server takes the place of the last refusal.
  document.addEventListener("htmx:afterRequest", function (event) {
    var refusals = document.getElementById("refusals");
    if (refusals && event.detail.successful && event.detail.requestConfig.verb !== "get") {
      refusals.textContent = "";
    }
  });
})();
