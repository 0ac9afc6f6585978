/* The summary of what is wrong with a form: it is read first, and what was typed is not lost.

   CKAN warns of unsaved changes since the page was opened; a form that comes back with errors has
   nothing changed since, and nothing saved either. */
"use strict";

ckan.module("tangerang-errors", function () {
  return {
    initialize: function () {
      var summary = this.el[0];
      var form = summary.closest("form");
      summary.focus();
      if (!form) {
        return;
      }
      function warn(event) {
        event.preventDefault();
        event.returnValue = true;
      }
      window.addEventListener("beforeunload", warn);
      form.addEventListener("submit", function () {
        window.removeEventListener("beforeunload", warn);
      });
    },
  };
});
