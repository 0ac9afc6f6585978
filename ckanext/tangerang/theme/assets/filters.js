/* The filters of a list lie over the page on a telephone. CKAN's scripts show and hide them, but
   know nothing of a list that htmx has brought; this does, brings the focus along, and lets Escape
   close them. */

(function () {
  "use strict";

  var OPEN = "filters-modal";

  function focus(selector) {
    var button = document.querySelector(selector);
    if (button) {
      button.focus();
    }
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest("button.show-filters")) {
      document.body.classList.add(OPEN);
      focus("button.hide-filters");
    } else if (event.target.closest("button.hide-filters")) {
      document.body.classList.remove(OPEN);
      focus("button.show-filters");
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.body.classList.contains(OPEN)) {
      document.body.classList.remove(OPEN);
      focus("button.show-filters");
    }
  });
})();
