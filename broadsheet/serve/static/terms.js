// Terms over time, to be looked into: uPlot draws what the page has as a picture and a table, from the page's own data.
"use strict";
(async () => {
  const figure = document.getElementById("terms");
  const picture = figure?.querySelector("svg[role=img]");
  if (!picture || typeof uPlot === "undefined") return;
  const answer = await fetch(document.querySelector("link[rel=alternate]").href);
  if (!answer.ok) return;
  const {over_time: {months, series}, smooth} = await answer.json();
  const averaged = ({counts, totals}) => counts.map((_, at) => {
    const from = Math.max(0, at - smooth), to = at + smooth + 1, sum = (some) => some.slice(from, to).reduce((a, b) => a + b, 0);
    return sum(totals) ? 100 * sum(counts) / sum(totals) : null;
  });
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const place = document.createElement("div");
  const axis = {stroke: colour("--soft"), grid: {stroke: colour("--line"), width: 1}, ticks: {stroke: colour("--line")}};
  new uPlot({
    width: figure.clientWidth, height: 320,
    scales: {y: {range: (_, low, high) => [0, high || 1]}},
    axes: [axis, {...axis, size: 60, values: (_, ticks) => ticks.map((tick) => `${+tick.toPrecision(3)} %`)}],
    series: [{label: "month", value: "{YYYY}-{MM}"}, ...series.map((one, at) => ({
      label: one.site ? `${one.term} · ${one.site}` : one.term, stroke: colour(`--l${at % 8}`), width: 2, spanGaps: false,
      points: {show: false}, value: (_, share) => share === null || share === undefined ? "–" : `${share.toFixed(2)} %`,
    }))],
  }, [months.map((month) => Date.parse(`${month}-15T00:00:00Z`) / 1000), ...series.map(averaged)], place);
  picture.replaceWith(place);
})();
