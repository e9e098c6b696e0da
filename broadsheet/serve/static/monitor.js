/* Puts what the server sends in place of the status; the page works without. */
"use strict";
(() => {
  const place = document.getElementById("status");
  const events = new EventSource(place.dataset.events);
  events.addEventListener("status", (event) => { place.innerHTML = event.data; });
  window.addEventListener("pagehide", () => events.close());
})();
