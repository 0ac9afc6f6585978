/* Mends three things of CKAN's pages for people who do not use a mouse.
   Selection lists that its scripts put in the place of plain ones: the box that people type into
   has no name, so that a screen reader would say "combobox" alone.
   What can be done there: Select2 says that in English, and CKAN tells it no other language.
   Tables that scroll sideways on a narrow screen: the keyboard must be able to reach them. */

(function () {
  "use strict";

  var BOX = ".select2-container .select2-selection:not([aria-label]):not([aria-labelledby])";

  var TEXTS = {
    id: {
      ".select2-selection__choice__remove": "Hapus",
      ".select2-search__field": "Cari"
    }
  };

  function translate(root) {
    var texts = TEXTS[document.documentElement.lang] || {};
    Object.keys(texts).forEach(function (selector) {
      root.querySelectorAll(selector).forEach(function (element) {
        ["title", "aria-label"].forEach(function (attribute) {
          // Only what differs: the observer below sees each change.
          if (element.hasAttribute(attribute) && element.getAttribute(attribute) !== texts[selector]) {
            element.setAttribute(attribute, texts[selector]);
          }
        });
      });
    });
  }

  function label(original) {
    return original && original.id
      ? document.querySelector("label[for='" + CSS.escape(original.id) + "']")
      : null;
  }

  function name(root) {
    root.querySelectorAll(BOX).forEach(function (box) {
      var found = label(box.closest(".select2-container").previousElementSibling);
      if (found) {
        found.id = found.id || "label-" + found.htmlFor;
        box.setAttribute("aria-labelledby", found.id);
      }
    });
  }

  function reach(region) {
    if (region.scrollWidth > region.clientWidth) {
      region.tabIndex = 0;
    } else {
      region.removeAttribute("tabindex");
    }
  }

  function reachAll() {
    document.querySelectorAll(".table-responsive, .primary .table").forEach(reach);
  }

  function watch() {
    name(document);
    translate(document);
    reachAll();
    window.addEventListener("resize", reachAll);
    new MutationObserver(function () {
      name(document);
      translate(document);
    }).observe(document.getElementById("content") || document.body, {
      childList: true,
      subtree: true
    });
  }

  window.addEventListener("load", watch);
})();
