/* Stands in for CKAN's module system on pages that come without CKAN's scripts (light.py): runs
   modules that need neither jQuery nor the sandbox. They get `el` (a list with the element) and
   `options`, from data-module-… attributes, as CKAN gives them. */

(function () {
  "use strict";

  var ATTRIBUTE = "data-module-";
  var factories = {};

  function value(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      return text;
    }
  }

  function options(element) {
    var found = {};
    Array.from(element.attributes).forEach(function (attribute) {
      if (attribute.name.indexOf(ATTRIBUTE) === 0) {
        var name = attribute.name.slice(ATTRIBUTE.length).replace(/-(\w)/g, function (_, letter) {
          return letter.toUpperCase();
        });
        found[name] = value(attribute.value);
      }
    });
    return found;
  }

  function start(name, element) {
    var module = Object.create(factories[name]());
    module.el = [element];
    module.options = Object.assign({}, module.options, options(element));
    if (module.initialize) {
      module.initialize();
    }
  }

  window.ckan = {
    module: function (name, factory) {
      factories[name] = factory;
    }
  };

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-module]").forEach(function (element) {
      element.getAttribute("data-module").split(" ").forEach(function (name) {
        if (factories[name]) {
          start(name, element);
        }
      });
    });
  });
})();
