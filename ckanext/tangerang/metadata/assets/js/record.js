/* Pages of activities and indicators. Everything can be read without this script. */

/* Copies the value beside a button, and says so.
 *
 * The buttons are hidden in the page and shown here.
 *
 * data-module-done   - what is said then; {what} stands for the label of the item
 * data-module-failed - what is said when the browser refuses; the value is selected then
 */
this.ckan.module("tangerang-copy", function () {
  "use strict";

  return {
    options: { done: "", failed: "" },

    initialize: function () {
      var self = this;
      this.status = document.createElement("div");
      this.status.className = "tangerang-copy-status";
      this.status.setAttribute("role", "status");
      document.body.appendChild(this.status);
      this.el[0].querySelectorAll(".tangerang-copy button").forEach(function (button) {
        button.hidden = false;
        button.addEventListener("click", function () {
          self._copy(button);
        });
      });
    },

    _copy: function (button) {
      var self = this;
      var text = button.parentNode.querySelector(".tangerang-copy-text");
      var said = function () {
        self._say(self.options.done.replace("{what}", self._label(button)));
        text.classList.add("tangerang-copied");
      };
      var fallback = function () {
        if (self._select(text)) {
          said();
        } else {
          self._say(self.options.failed);
        }
      };
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(text.textContent).then(said, fallback);
      } else {
        fallback();
      }
    },

    /* Selects the text, and copies it where the browser still does that. */
    _select: function (text) {
      var range = document.createRange();
      var selection = window.getSelection();
      range.selectNodeContents(text);
      selection.removeAllRanges();
      selection.addRange(range);
      try {
        return document.execCommand("copy");
      } catch (error) {
        return false;
      }
    },

    _label: function (button) {
      var part = button.parentNode.querySelector(".tangerang-copy-label");
      var item = button.closest(".tangerang-item").querySelector(".tangerang-copy-item");
      return item.textContent + (part ? ", " + part.textContent.replace(/:$/, "") : "");
    },

    _say: function (text) {
      var status = this.status;
      status.textContent = text;
      clearTimeout(this.timer);
      this.timer = setTimeout(function () {
        status.textContent = "";
      }, 4000);
    },
  };
});

/* Rows that are closed until somebody opens them: buttons for all, the one that the address names,
 * and all of them on paper.
 *
 * data-module-open, data-module-close - labels of the buttons
 */
this.ckan.module("tangerang-rows", function () {
  "use strict";

  return {
    options: { open: "", close: "" },

    initialize: function () {
      var self = this;
      this.rows = Array.prototype.slice.call(this.el[0].querySelectorAll("details"));
      if (this.rows.length > 1) {
        this._buttons();
      }
      window.addEventListener("hashchange", this._target.bind(this));
      this._target();
      window.addEventListener("beforeprint", function () {
        self.closed = self.rows.filter(function (row) {
          return !row.open;
        });
        self._all(true);
      });
      window.addEventListener("afterprint", function () {
        (self.closed || []).forEach(function (row) {
          row.open = false;
        });
      });
    },

    _buttons: function () {
      var self = this;
      var bar = document.createElement("div");
      bar.className = "tangerang-rows-buttons";
      [
        [this.options.open, true],
        [this.options.close, false],
      ].forEach(function (pair) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-secondary";
        button.textContent = pair[0];
        button.addEventListener("click", function () {
          self._all(pair[1]);
        });
        bar.appendChild(button);
      });
      this.el[0].prepend(bar);
    },

    _all: function (open) {
      this.rows.forEach(function (row) {
        row.open = open;
      });
    },

    _target: function () {
      var name = decodeURIComponent(window.location.hash.slice(1));
      this.rows.forEach(function (row) {
        if (name && row.id === name) {
          row.open = true;
          row.scrollIntoView();
        }
      });
    },
  };
});

/* A button that prints the page. */
this.ckan.module("tangerang-print", function () {
  "use strict";

  return {
    initialize: function () {
      this.el[0].hidden = false;
      this.el[0].addEventListener("click", function () {
        window.print();
      });
    },
  };
});
