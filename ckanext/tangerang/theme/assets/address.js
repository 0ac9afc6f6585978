/* Makes the address of a record or an OPD from a name that was typed before CKAN's scripts were
   ready. They start when the translations have come, which takes a moment on a slow line, and look
   after an empty name only: one that is being typed by then would never get an address. */

(function () {
  "use strict";

  var NAME = "tangerang-address";
  var EVENT = "input." + NAME;
  var SLUG = '[data-module~="slug-preview-slug"]';

  function module(jQuery) {
    return {
      initialize: function () {
        var sandbox = this.sandbox;
        var title = this.el;
        if (!title.val() || jQuery(SLUG, title.closest("form")).val() !== "") {
          return;
        }
        function tell() {
          sandbox.publish("slug-target-changed", title.val());
        }
        title.on(EVENT, tell);
        // Who writes the address keeps what they wrote.
        sandbox.subscribe("slug-preview-modified", function () {
          title.off(EVENT);
        });
        tell();
      }
    };
  }

  document.addEventListener("DOMContentLoaded", function () {
    var title = document.querySelector('[data-module~="slug-preview-target"]');
    if (title) {
      title.setAttribute("data-module", title.getAttribute("data-module") + " " + NAME);
      window.ckan.module(NAME, module);
    }
  });
})();
