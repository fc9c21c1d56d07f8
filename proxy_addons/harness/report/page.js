// Draws the timelines and small charts, each when it is first seen. `d3` is D3 7.
"use strict";

const ROW = 14; // pixels
const GAP = 8;
const TOP = 18;

/** What a script element beside it holds. */
const dataOf = (element, name) => JSON.parse(element.querySelector(`script.${name}`).textContent);

function drawTimeline(figure) {
  const data = dataOf(figure, "drawing");
  const holder = d3.select(figure).select("div.chart");
  const said = d3.select(figure).select(".said");
  const width = holder.node().clientWidth;
  const left = width < 600 ? 72 : 92;
  let y = TOP;
  const lanes = data.lanes.map(([name, marks, empty], place) => {
    const rows = 1 + (d3.max(marks, (mark) => mark[5]) ?? 0);
    const lane = { name, marks, empty, place, y, height: rows * ROW + GAP };
    y += lane.height;
    return lane;
  });
  const whole = d3.scaleLinear([0, data.end], [left + 4, width - 8]);
  const clip = `clip-${Math.random().toString(36).slice(2)}`;

  const svg = holder.append("svg").attr("width", width).attr("height", y + 22);
  svg.attr("role", "img").attr("aria-label", "Timeline of the run; the raw history holds the same as text");
  svg.append("clipPath").attr("id", clip).append("rect")
    .attr("x", left).attr("width", width - left).attr("height", y);
  const bands = svg.selectAll("g.band").data(lanes).join("g");
  bands.append("rect").attr("class", (lane) => `lane ${lane.place % 2 ? "odd" : ""}`)
    .attr("y", (lane) => lane.y).attr("width", width).attr("height", (lane) => lane.height);
  bands.append("text").attr("class", "name-of-lane").attr("x", 2)
    .attr("y", (lane) => lane.y + GAP / 2 + 11).text((lane) => lane.name);
  bands.filter((lane) => !lane.marks.length).append("text").attr("class", "none")
    .attr("x", left + 4).attr("y", (lane) => lane.y + GAP / 2 + 11).text((lane) => lane.empty);
  const axis = svg.append("g").attr("class", "axis").attr("transform", `translate(0,${y})`);
  const field = svg.append("g").attr("clip-path", `url(#${clip})`);

  let kept = null;
  const tell = (mark) => {
    said.text("");
    if (!mark) return;
    const [t, end, , text, number] = mark;
    said.append("b").text(end === null ? `+${t.toFixed(3)} s ` : `+${t.toFixed(3)} to +${end.toFixed(3)} s `);
    said.append("span").text(`${text} `);
    if (data.raw) said.append("a").attr("href", data.raw).text(`line ${number + 1} of the raw history`);
  };
  /** Point at a mark to read it, press it to keep it. */
  const readable = (marks) => marks
    .on("pointerenter", (_, mark) => tell(mark))
    .on("pointerleave", () => tell(kept))
    .on("click", function (_, mark) {
      kept = kept === mark ? null : mark;
      field.selectAll(".kept").classed("kept", false);
      d3.select(this).classed("kept", kept !== null);
      tell(kept);
    });

  function draw(x) {
    axis.call(d3.axisBottom(x).ticks(width / 90).tickFormat((t) => `${+t.toFixed(3)} s`));
    field.selectAll("g").remove();
    for (const lane of lanes) {
      const group = field.append("g").attr("class", `lane-${lane.place}`);
      const at = (mark) => lane.y + GAP / 2 + mark[5] * ROW;
      const styled = (marks) => marks
        .attr("class", (mark) => `mark ${mark[2].startsWith("#") ? "fault" : mark[2]}`)
        .classed("kept", (mark) => mark === kept)
        .style("--colour", (mark) => (mark[2].startsWith("#") ? mark[2] : null))
        .call(readable);
      const spans = lane.marks.filter((mark) => mark[1] !== null);
      const room = (mark) => Math.max(2, x(mark[1]) - x(mark[0]));
      group.selectAll("rect").data(spans).join("rect").call(styled).attr("rx", 2)
        .attr("x", (mark) => x(mark[0])).attr("y", (mark) => at(mark) + 1)
        .attr("width", room).attr("height", ROW - 2);
      group.selectAll("text").data(spans.filter((mark) => mark[6] && room(mark) > 7 * mark[6].length)).join("text")
        .attr("x", (mark) => Math.max(x(mark[0]), left) + 4).attr("y", (mark) => at(mark) + 11)
        .text((mark) => mark[6]);
      group.selectAll("path").data(lane.marks.filter((mark) => mark[1] === null)).join("path").call(styled)
        .attr("d", (mark) => shapeOf(mark))
        .attr("transform", (mark) => `translate(${x(mark[0])},${at(mark) + ROW / 2})`);
    }
    const across = field.append("g");
    across.selectAll("line.step").data(data.steps).join("line").attr("class", "step").call(standing, x, y);
    const roomy = data.steps.filter((mark, place, all) => !place || x(mark[0]) - x(all[place - 1][0]) > 55);
    across.selectAll("text").data(roomy).join("text").attr("class", "step-name")
      .attr("x", (mark) => x(mark[0]) + 3).attr("y", 12).text((mark) => mark[3]);
    across.selectAll("line.broken").data(data.broken).join("line").attr("class", "broken").call(standing, x, y);
    across.selectAll("path").data(data.broken).join("path").attr("class", "flag").call(readable)
      .attr("d", "M0,2h12l-3,5l3,5h-12z").attr("transform", (mark) => `translate(${x(mark[0])},0)`);
  }

  const zoom = d3.zoom().scaleExtent([1, 500])
    .extent([[left, 0], [width, y]]).translateExtent([[left, 0], [width, y]])
    .filter((event) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : !event.button))
    .on("zoom", ({ transform }) => draw(transform.rescaleX(whole)));
  svg.call(zoom);
  const buttons = holder.append("div").attr("class", "zoom");
  const button = (sign, name, act) => buttons.append("button").attr("type", "button")
    .attr("aria-label", name).attr("title", name).text(sign).on("click", act);
  button("−", "zoom out", () => svg.call(zoom.scaleBy, 1 / 2));
  button("+", "zoom in", () => svg.call(zoom.scaleBy, 2));
  button("all", "the whole run", () => svg.call(zoom.transform, d3.zoomIdentity));
  draw(whole);
}

function standing(lines, x, height) {
  lines.attr("x1", (mark) => x(mark[0])).attr("x2", (mark) => x(mark[0])).attr("y1", 0).attr("y2", height);
}

/** Ordinary things are small and round, faults are diamonds, ends are crosses. */
function shapeOf([, , style]) {
  if (style.startsWith("#")) return d3.symbol(d3.symbolDiamond, 70)();
  if (style.endsWith("cut")) return d3.symbol(d3.symbolCross, 45)();
  if (style === "bad" || style === "restart") return d3.symbol(d3.symbolTriangle, 60)();
  return d3.symbol(d3.symbolCircle, style === "message" ? 14 : 36)();
}

function drawCharts(holder) {
  dataOf(holder, "charts").forEach((data, place) => drawChart(holder.querySelectorAll("svg.chart")[place], data));
}

function drawChart(element, { chart, points, top, end }) {
  const { clientWidth: width, clientHeight: height } = element;
  const svg = d3.select(element);
  const last = end ?? d3.max(points, ([x]) => x + 1) ?? 1;
  const x = d3.scaleLinear([0, last], [3, width - 3]);
  const y = d3.scaleLinear([0, top ?? d3.max(points, (point) => point[1]) ?? 1], [height - 3, 4]);
  svg.append("line").attr("x1", 0).attr("x2", width).attr("y1", height - 1).attr("y2", height - 1)
    .style("stroke", "var(--line)");
  if (chart === "bars") {
    svg.selectAll("rect").data(points).join("rect").attr("stroke", "none")
      .attr("x", (point) => x(point[0])).attr("width", Math.min(24, Math.max(1, x(1) - x(0) - 1)))
      .attr("y", (point) => y(point[1])).attr("height", (point) => height - 1 - y(point[1]));
  } else if (chart === "dots") {
    svg.selectAll("circle").data(points).join("circle").attr("r", 2.2).attr("stroke", "none")
      .attr("cx", (point) => x(point[0])).attr("cy", (point) => y(point[1]));
  } else if (points.length) {
    const steps = [[0, 0], ...points, [last, points.at(-1)[1]]];
    const line = d3.line().x((point) => x(point[0])).y((point) => y(point[1])).curve(d3.curveStepAfter);
    svg.append("path").attr("d", line(steps)).attr("fill", "none").attr("stroke-width", 1.5);
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    (target.matches(".timeline") ? drawTimeline : drawCharts)(target);
  }
}, { rootMargin: "300px" });
document.querySelectorAll(".timeline, .tiles").forEach((each) => seen.observe(each));
