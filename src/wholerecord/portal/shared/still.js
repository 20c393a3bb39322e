(function () {
  "use strict";
  var mine = document.currentScript, asked = mine.dataset.still, busy = false;
  function take(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    var next = fresh.querySelector("script[data-still]");
    asked = next ? next.dataset.still : "";
    fresh.querySelectorAll("script").forEach(function (one) { one.remove(); });
    mine.remove();
    if (fresh.body.textContent.trim() !== document.body.textContent.trim()) {
      document.title = fresh.title;
      document.body.replaceWith(fresh.body);
    }
  }
  function again() {
    return fetch(location.href, { cache: "no-store", redirect: "manual" }).then(function (said) {
      if (said.type === "opaqueredirect") { location.reload(); return null; }
      return said.text().then(take);
    });
  }
  function ask() {
    if (busy || !asked) { return; }
    busy = true;
    fetch(asked, { cache: "no-store", redirect: "manual" }).then(function (said) {
      return said.status === 204 || said.status >= 500 ? null : again();
    }).catch(function () { return null; }).then(function () { busy = false; });
  }
  setInterval(ask, 3000);
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", ask);
})();
