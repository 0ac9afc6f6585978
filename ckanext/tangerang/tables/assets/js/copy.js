/* Copies the code of a snippet. The button is made here: without JavaScript there is none, and the
   code is read and marked as any text. */
ckan.module("tangerang-copy", function () {
  "use strict";

  return {
    options: {
      label: "Copy",
      done: "Copied",
      failed: "Copying is not possible here. Mark the text and copy it."
    },

    initialize: function () {
      var options = this.options;
      var code = this.el[0].querySelector("code");
      var button = document.createElement("button");
      var state = document.createElement("span");
      if (!code || !navigator.clipboard) {
        return;
      }
      button.type = "button";
      button.className = "btn btn-secondary btn-sm tangerang-copy";
      button.textContent = options.label;
      state.className = "tangerang-copy-state";
      state.setAttribute("role", "status");
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(code.textContent).then(
          function () { state.textContent = options.done; },
          function () { state.textContent = options.failed; }
        );
      });
      this.el[0].prepend(button, state);
    }
  };
});
