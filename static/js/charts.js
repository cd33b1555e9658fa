// Charts from data: a page says what the figures are, this file says how they look.
//
//   {% include "components/_chart.html" with id="roll-rates" option=data label=title only %}
//   {% block scripts %}{% include "components/_chart_scripts.html" only %}{% endblock %}
//
// `option` is one of these. Figures are numbers or Decimal strings; null is unknown and leaves a gap.
// Rates are fractions, money is yuan. format: "percent" (default of matrix), "yuan", "wan", "count",
// "ratio"; places (2) is how many decimals. level: "red" "orange" "yellow" "green" colours a series,
// a line or a bar as the badges do.
//
// {"preset": "line", "categories": ["2024-01", ...], "format": "percent",
//  "series": [{"name": "M0", "values": ["0.0704", null, ...], "level": "red", "dashed": true}],
//  "thresholds": [{"name": "Red line", "value": "0.07", "level": "red"}],
//  "area": false}
// {"preset": "bar", "categories": [...], "series": [{"name": "M1", "values": [...]}], "format": "wan",
//  "stacked": false, "horizontal": false, "thresholds": [...],
//  "links": ["/loans/?m=1", ...]}                      one address per category (optional, also in line)
// {"preset": "heatmap", "x": ["1", "2", ...], "y": ["2024-01", ...], "cells": [[x, y, "0.012"], ...],
//  "format": "percent", "x_name": "Months on book", "y_name": "Vintage"}      x and y are positions
// {"preset": "matrix", "rows": ["M0", ...], "columns": ["M0", ...], "values": [["0.97", ...], ...],
//  "format": "percent", "row_name": "Last month", "column_name": "This month"}  figure in every cell
(function () {
  "use strict";
  var INK = "#1f2d3d", SOFT = "#5a6b7e", LINE = "#dde3ea";
  var LEVELS = { red: "#b3261e", orange: "#d9730d", yellow: "#c79a00", green: "#2f8f55", unknown: "#7d8b9a" };
  var COLOURS = ["#1d5aa6", "#2a9d8f", "#8a5fb0", "#c0702d", "#6b7f99", "#b04a74", "#5b8c3a", "#3f7fbf"];
  var RAMP = ["#f3f7fc", "#cfe0f3", "#94b9e2", "#4f86c6", "#1f4679"];
  var FONT = getComputedStyle(document.documentElement).getPropertyValue("--tblr-font-sans-serif") || "sans-serif";
  var UNKNOWN = "—";
  var charts = new Map();

  // --- figures ---------------------------------------------------------------------------------
  var PLAIN = /^(-?)(\d+)(?:\.(\d*))?$/;
  var SHIFT = { percent: 2, wan: -4 };
  var PLACES = { count: 0, ratio: 4 };

  // A decimal text moved by 10^shift and rounded HALF_UP, exactly, with thousands separators.
  function rounded(figure, shift, places) {
    var parts = PLAIN.exec(String(figure));
    if (!parts) parts = PLAIN.exec(Number(figure).toFixed(12));
    if (!parts) return UNKNOWN;
    var fraction = parts[3] || "";
    var digits = BigInt(parts[2] + fraction);
    var drop = fraction.length - shift - places;
    if (drop > 0) {
      var unit = BigInt("1" + "0".repeat(drop));
      digits = (digits + unit / BigInt(2)) / unit;
    } else {
      digits = digits * BigInt("1" + "0".repeat(-drop));
    }
    var text = digits.toString().padStart(places + 1, "0");
    var whole = text.slice(0, text.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
    var sign = parts[1] && digits > 0 ? "-" : "";
    return sign + whole + (places ? "." + text.slice(-places) : "");
  }

  function writer(data) {
    var shift = SHIFT[data.format] || 0;
    var places = data.places !== undefined ? data.places : data.format in PLACES ? PLACES[data.format] : 2;
    return function (figure) {
      if (figure === null || figure === undefined || figure === "" || figure === "-") return UNKNOWN;
      return rounded(figure, shift, places) + (data.format === "percent" ? "%" : "");
    };
  }

  // Axis labels: as short as the step allows.
  function axisWriter(data) {
    return function (number) {
      if (data.format === "percent") return +(number * 100).toFixed(4) + "%";
      if (data.format === "wan") return (number / 10000).toLocaleString("en-US");
      return number.toLocaleString("en-US");
    };
  }

  function plotted(figure) {
    return figure === null || figure === undefined || figure === "" ? null : Number(figure);
  }

  // --- pieces ----------------------------------------------------------------------------------
  function tooltip(extra) {
    return Object.assign({
      renderMode: "richText", confine: true, backgroundColor: "#fff", borderColor: LINE, borderWidth: 1,
      padding: [8, 12], textStyle: { color: INK, fontSize: 12, fontFamily: FONT, lineHeight: 18 }
    }, extra);
  }

  function base(data, legend) {
    var wide = data.thresholds && !data.horizontal, high = data.thresholds && data.horizontal;
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: FONT, color: INK },
      aria: { enabled: false }, // the page gives the label and the table
      grid: { left: 8, right: wide ? 96 : high ? 56 : 16, top: legend ? 36 : high ? 28 : 16, bottom: 4, containLabel: true },
      legend: legend ? { data: data.series.map(function (series) { return series.name; }), top: 0, left: 0, itemWidth: 16, itemHeight: 8, icon: "roundRect", textStyle: { color: SOFT } } : undefined
    };
  }

  function categoryAxis(names, name) {
    return {
      type: "category", data: names, name: name, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: SOFT },
      axisTick: { show: false }, axisLine: { lineStyle: { color: LINE } }, axisLabel: { color: SOFT, hideOverlap: true }
    };
  }

  function valueAxis(data) {
    return {
      type: "value", axisLabel: { color: SOFT, formatter: axisWriter(data) },
      splitLine: { lineStyle: { color: "#ebeff4" } }
    };
  }

  function thresholdLines(data, write) {
    if (!data.thresholds || !data.thresholds.length) return undefined;
    var at = data.horizontal ? "xAxis" : "yAxis";
    return {
      silent: true, symbol: "none", animation: false, precision: 12, // the default draws 0.075 at 0.08
      data: data.thresholds.map(function (line) {
        var mark = {
          name: line.name,
          lineStyle: { color: LEVELS[line.level] || SOFT, type: "dashed", width: 1.5 },
          label: { formatter: line.name + " " + write(line.value), color: LEVELS[line.level] || SOFT, position: data.horizontal ? "start" : "end", fontSize: 11 }
        };
        mark[at] = Number(line.value);
        return mark;
      })
    };
  }

  // An unseen series at the highest threshold keeps every threshold in sight.
  function withReach(series, data) {
    var limits = (data.thresholds || []).map(function (line) { return Number(line.value); });
    if (limits.length) {
      var top = Math.max.apply(null, limits);
      series.push({
        type: "line", name: "", silent: true, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false },
        data: data.categories.map(function (_, i) { return data.horizontal ? [top, i] : top; })
      });
    }
    return series;
  }

  function onAxis(data, write) {
    return tooltip({
      trigger: "axis",
      axisPointer: { type: data.preset === "bar" ? "shadow" : "line", lineStyle: { color: LINE } },
      formatter: function (points) {
        var lines = points.filter(function (point) { return point.seriesIndex < data.series.length; }).map(function (point) {
          return point.seriesName + "  " + write(data.series[point.seriesIndex].values[point.dataIndex]);
        });
        return [points[0].axisValueLabel].concat(lines).join("\n");
      }
    });
  }

  // --- presets ---------------------------------------------------------------------------------
  function line(data) {
    var write = writer(data);
    return Object.assign(base(data, data.series.length > 1), {
      tooltip: onAxis(data, write),
      xAxis: Object.assign(categoryAxis(data.categories), { boundaryGap: false }),
      yAxis: valueAxis(data),
      series: withReach(data.series.map(function (series, index) {
        var colour = LEVELS[series.level] || COLOURS[index % COLOURS.length];
        return {
          type: "line", name: series.name, data: series.values.map(plotted), connectNulls: false,
          symbol: "circle", symbolSize: 5, showSymbol: data.categories.length <= 24,
          itemStyle: { color: colour }, lineStyle: { color: colour, width: 2, type: series.dashed ? "dashed" : "solid" },
          areaStyle: data.area ? { color: colour, opacity: 0.08 } : undefined,
          markLine: index === 0 ? thresholdLines(data, write) : undefined
        };
      }), data)
    });
  }

  function bar(data) {
    var write = writer(data);
    var names = categoryAxis(data.categories), values = valueAxis(data);
    if (data.horizontal) names.inverse = true;
    return Object.assign(base(data, data.series.length > 1), {
      tooltip: onAxis(data, write),
      xAxis: data.horizontal ? values : names,
      yAxis: data.horizontal ? names : values,
      series: withReach(data.series.map(function (series, index) {
        return {
          type: "bar", name: series.name, stack: data.stacked ? "all" : undefined, barMaxWidth: 32,
          data: series.values.map(plotted), itemStyle: { color: LEVELS[series.level] || COLOURS[index % COLOURS.length] },
          markLine: index === 0 ? thresholdLines(data, write) : undefined
        };
      }), data)
    });
  }

  function grid(data, x, y, cells, write, words) {
    var numbers = cells.map(function (cell) { return plotted(cell[2]); }).filter(function (n) { return n !== null; });
    var top = numbers.length ? Math.max.apply(null, numbers) : 1;
    var option = base({}, false);
    option.grid = { left: 8, right: 16, top: 28, bottom: 44, containLabel: true };
    option.tooltip = tooltip({
      trigger: "item",
      formatter: function (point) {
        var cell = cells[point.dataIndex];
        return (words.y ? words.y + " " : "") + y[cell[1]] + "\n" + (words.x ? words.x + " " : "") + x[cell[0]] + "\n" + write(cell[2]);
      }
    });
    option.xAxis = Object.assign(categoryAxis(x, words.x), { position: "top", nameGap: 24, splitArea: { show: false } });
    option.yAxis = Object.assign(categoryAxis(y, words.y), { inverse: true, nameGap: 56 });
    option.yAxis.nameLocation = "start";
    option.yAxis.nameGap = 10;
    option.visualMap = {
      min: 0, max: top || 1, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 10,
      inRange: { color: RAMP }, textStyle: { color: SOFT, fontSize: 11 }, text: [write(top), write(0)]
    };
    option.series = [{
      type: "heatmap",
      data: cells.map(function (cell) {
        var number = plotted(cell[2]);
        return {
          value: [cell[0], cell[1], number === null ? "-" : number],
          label: { color: number !== null && number > top * 0.6 ? "#fff" : INK }
        };
      }),
      itemStyle: { borderColor: "#fff", borderWidth: 1 },
      label: { show: words.shown, fontSize: 11, formatter: function (point) { return write(cells[point.dataIndex][2]); } },
      emphasis: { itemStyle: { borderColor: INK, borderWidth: 1 } }
    }];
    return option;
  }

  function heatmap(data) {
    return grid(data, data.x, data.y, data.cells, writer(data), { x: data.x_name, y: data.y_name, shown: data.x.length <= 14 });
  }

  function matrix(data) {
    var cells = [];
    data.values.forEach(function (row, y) { row.forEach(function (figure, x) { cells.push([x, y, figure]); }); });
    var write = writer(Object.assign({ format: "percent" }, data));
    return grid(data, data.columns, data.rows, cells, write, { x: data.column_name, y: data.row_name, shown: true });
  }

  var PRESETS = { line: line, bar: bar, heatmap: heatmap, matrix: matrix };

  // --- on the page -----------------------------------------------------------------------------
  function draw(element) {
    if (charts.has(element)) return;
    var data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    var chart = echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(PRESETS[data.preset](data));
    if (data.links) {
      chart.on("click", function (point) {
        if (data.links[point.dataIndex]) window.location.assign(data.links[point.dataIndex]);
      });
    }
    charts.set(element, chart);
  }

  function drawAll(root) {
    if (root.matches && root.matches("[data-chart]")) draw(root);
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  function fit() {
    charts.forEach(function (chart, element) {
      if (!element.isConnected) {
        chart.dispose();
        charts.delete(element);
      } else if (element.clientWidth) {
        chart.resize();
      }
    });
  }

  var waiting = 0;
  function fitSoon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(fit);
  }

  drawAll(document);
  new ResizeObserver(fitSoon).observe(document.getElementById("content") || document.body);
  document.addEventListener("htmx:load", function (event) { drawAll(event.target); fitSoon(); });
  document.addEventListener("toggle", fitSoon, true);
})();
