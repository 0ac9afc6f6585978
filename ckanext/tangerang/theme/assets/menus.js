/* Menus of the header: a button with aria-expanded, and what it controls. Escape and a click
   elsewhere close what lies over the page. Without this script, theme.css shows them open. */

(function () {
  "use strict";

  var BUTTON = "[data-tangerang-menu]";
  var OVER_THE_PAGE = "[data-tangerang-menu='over'][aria-expanded='true']";

  function set(button, open) {
    button.setAttribute("aria-expanded", open ? "true" : "false");
  }

  function panel(button) {
    return document.getElementById(button.getAttribute("aria-controls"));
  }

  function closeOthers(target) {
    document.querySelectorAll(OVER_THE_PAGE).forEach(function (button) {
      if (!button.contains(target) && !panel(button).contains(target)) {
        set(button, false);
      }
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest(BUTTON);
    closeOthers(event.target);
    if (button) {
      set(button, button.getAttribute("aria-expanded") !== "true");
    }
  });

  document.addEventListener("focusin", function (event) {
    closeOthers(event.target);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") {
      return;
    }
    document.querySelectorAll(BUTTON + "[aria-expanded='true']").forEach(function (button) {
      if (button.contains(event.target) || panel(button).contains(event.target)) {
        set(button, false);
        button.focus();
      }
    });
  });
})();
