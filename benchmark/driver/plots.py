"""Draws the tables of a report as SVG, from the report alone: what is kept can be drawn again at any time."""

import math
import os
import re
from html import escape

FONT = 'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"'
INK, MUTED, GRID = "#1f2328", "#59636e", "#d1d9e0"
# by the order of the contenders in the tables: one JVM, three kinds of cluster, nginx, Node
COLOURS = ["#59636e", "#0969da", "#54aeff", "#8250df", "#bf8700", "#1a7f37"]
WIDTH, ROW, BAR, TITLE_COLUMN, PARTS = 860, 22, 14, 200, 5


class Document:
    """The tables of a report, by the heading above them."""

    def __init__(self, text):
        self.tables = {}
        heading, table = "", None
        for line in text.splitlines():
            if line.startswith("#"):
                heading, table = line.lstrip("#").strip(), None
            elif line.startswith("|"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if table is None:
                    table = []
                    self.tables.setdefault(heading, []).append(table)
                if not all(re.fullmatch(r"-+", cell) for cell in cells):
                    table.append(cells)
            else:
                table = None

    def table(self, heading, number=0):
        """Return a table as its header and its rows, or nothing if the run has not made it."""
        tables = self.tables.get(heading, [])
        return (tables[number][0], tables[number][1:]) if number < len(tables) else (None, [])


def numbers(cell):
    """Return the numbers of a cell, none for a dash or a word."""
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", cell)]


def first(cell):
    found = numbers(cell)
    return found[0] if found else None


def plain(title):
    return title.replace("`", "")


class Drawing:
    """An SVG of fixed width that grows downwards."""

    def __init__(self, title):
        self.title = title
        self.elements = []
        self.height = 0

    def text(self, x, y, text, size=12, colour=INK, anchor="start", weight="normal"):
        self.elements.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
                             f'text-anchor="{anchor}" font-weight="{weight}">{escape(plain(str(text)))}</text>')

    def bar(self, x, y, width, colour):
        self.elements.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{BAR}" '
                             f'fill="{colour}"/>')

    def line(self, x1, y1, x2, y2, colour=GRID, width=1.0):
        self.elements.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                             f'stroke-width="{width}"/>')

    def curve(self, points, colour):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.elements.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in points:
            self.elements.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>')

    def svg(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:.0f}" width="{WIDTH}" '
                f'height="{self.height:.0f}" role="img" {FONT}>')
        return "\n".join([head, f"<title>{escape(self.title)}</title>",
                          f'<rect width="{WIDTH}" height="{self.height:.0f}" fill="#ffffff"/>', *self.elements, "</svg>", ""])


def bars(drawing, heading, rows, reference=None):
    """Draw one horizontal bar for each row: title, value, label, colour, and the least and most if they are known."""
    rows = [row for row in rows if row[1] is not None]
    if not rows:
        return
    drawing.height += 30
    drawing.text(10, drawing.height - 6, heading, 13, weight="600")
    left, right = TITLE_COLUMN, WIDTH - 190
    most = max(max([value, *(bounds or ())]) for _, value, _, _, bounds in rows) or 1
    scale = (right - left) / most
    top = drawing.height
    for title, value, label, colour, bounds in rows:
        y = drawing.height + (ROW - BAR) / 2
        drawing.text(left - 8, y + 11, title, 12, anchor="end")
        drawing.bar(left, y, value * scale, colour)
        if bounds:
            middle = y + BAR / 2
            drawing.line(left + bounds[0] * scale, middle, left + bounds[1] * scale, middle, INK, 1.5)
            for bound in bounds:
                drawing.line(left + bound * scale, middle - 4, left + bound * scale, middle + 4, INK, 1.5)
        drawing.text(right + 10, y + 11, label, 11, MUTED)
        drawing.height += ROW
    if reference is not None:
        drawing.line(left + reference * scale, top, left + reference * scale, drawing.height, INK, 1.0)


def curves(drawing, heading, xs, series, unit):
    """Draw one line for each of the series: title, values, colour."""
    drawing.height += 30
    drawing.text(10, drawing.height - 6, heading, 13, weight="600")
    left, right, top, bottom = 70, WIDTH - 220, drawing.height + 6, drawing.height + 246
    step = _step(max(value for _, values, _ in series for value in values))
    most = step * PARTS
    for part in range(PARTS + 1):
        y = bottom - part * (bottom - top) / PARTS
        drawing.line(left, y, right, y)
        drawing.text(left - 8, y + 4, f"{step * part:,.0f}", 11, MUTED, "end")
    place = [left + 10 + x * (right - left - 20) / (max(xs) or 1) for x in xs]
    for at, x in zip(place, xs):
        drawing.text(at, bottom + 18, f"{x:g}", 11, MUTED, "middle")
    drawing.text((left + right) / 2, bottom + 36, unit, 11, MUTED, "middle")
    ends = []
    for title, values, colour in series:
        drawing.curve([(x, bottom - value / most * (bottom - top)) for x, value in zip(place, values)], colour)
        ends.append([bottom - values[-1] / most * (bottom - top) + 4, title, colour])
    y = float("-inf")
    for end in sorted(ends):
        y = max(end[0], y + 15)
        drawing.text(right + 10, y, end[1], 12, end[2], weight="600")
    drawing.height = bottom + 42


def _step(most):
    """Return the least round number of which that many parts reach the most."""
    power = 10 ** math.floor(math.log10(most / PARTS))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * PARTS >= most)


LOADS = ["Hello, kept alive", "Hello, a new connection per request",
         "Hello, kept alive, beside 2,000 idle kept-alive connections", "JSON, kept alive",
         "JSON, a new connection per request"]


def column(header, name, number=0):
    return [index for index, title in enumerate(header) if title == name][number]


def throughput(document):
    drawing = Drawing("Requests per second, more is better")
    for load in LOADS:
        header, rows = document.table(load)
        if header:
            rate, ratio = column(header, "requests/s"), column(header, "ratio")
            bars(drawing, f"{load}: requests/s", [
                [row[0], first(row[rate]), f"{row[rate]} (× {first(row[ratio]):.2f}, spread {row[rate + 1]})",
                 COLOURS[number % len(COLOURS)], None] for number, row in enumerate(rows)],
                 first(rows[0][rate]))
    return drawing


def latency(document):
    drawing = Drawing("99 of 100 requests are answered within, less is better")
    for load in LOADS:
        header, rows = document.table(load)
        if header:
            p99, ratio = column(header, "p99 ms"), column(header, "ratio", 1)
            bars(drawing, f"{load}: p99 in ms", [
                [row[0], first(row[p99]), f"{row[p99]} ms (× {first(row[ratio]):.2f}, spread {row[p99 + 1]})",
                 COLOURS[number % len(COLOURS)], None] for number, row in enumerate(rows)],
                 first(rows[0][p99]))
    return drawing


def starts(document):
    header, rows = document.table("Starting and replacing")
    drawing = Drawing("Seconds to start and to replace a worker, less is better")
    for name, title in (("`java -jar` to the first 200", "java -jar to the first answer: seconds"),
                        ("to all workers ready", "java -jar to all workers ready: seconds"),
                        ("`kill -9` of a worker to its replacement ready",
                         "kill -9 of a worker to its replacement ready: seconds")):
        if header:
            times = [(number, row[0], numbers(row[column(header, name)])) for number, row in enumerate(rows)]
            bars(drawing, title, [[of, time[0], f"{time[0]:.2f} s", COLOURS[number], time[1:3]]
                                  for number, of, time in times if len(time) == 3])
    return drawing


def warm_up(document):
    header, rows = document.table("Warm-up")
    drawing = Drawing("Requests per second while warming up")
    if header:
        curves(drawing, "Hello, kept alive: requests/s", [float(cell) for cell in header[1:]],
               [[row[0], [first(cell) for cell in row[1:]], COLOURS[number % len(COLOURS)]]
                for number, row in enumerate(rows)], "seconds under load")
    return drawing


def memory(document):
    header, rows = document.table("Memory")
    drawing = Drawing("Proportional memory of all processes, less is better")
    if header:
        total = column(header, "all, proportional")
        each = column(header, "each worker: resident / proportional")
        bars(drawing, "Proportional memory of all processes: MiB", [
            [row[0], first(row[total]), f"{row[total]} MiB", COLOURS[number % len(COLOURS)], None]
            for number, row in enumerate(rows)])
        bars(drawing, "Proportional memory of each process that answers: MiB", [
            [row[0], *_average(numbers(row[each])[1::2]), COLOURS[number % len(COLOURS)], None]
            for number, row in enumerate(rows)])
    return drawing


def _average(values):
    average = sum(values) / len(values)
    return average, f"{average:.0f} MiB"


def growth(document):
    drawing = Drawing("How the master grows")
    for number, unit in enumerate(("workers", "open connections")):
        header, rows = document.table("Growth", number)
        if header:
            for name, title in (("master's CPU µs per connection", "The master's CPU for each new connection in µs"),
                                ("master: resident / proportional MiB", "The master's resident memory in MiB")):
                at = column(header, name)
                bars(drawing, f"{title}, by {unit}", [
                    [row[0], first(row[at]), f"{first(row[at]):.{1 if 'CPU' in name else 0}f}", COLOURS[1], None]
                    for row in rows])
    return drawing


def garbage(document):
    header, rows = document.table("Garbage collection")
    drawing = Drawing("One large heap against several small ones")
    if header:
        for name, title in (("requests/s", "Requests/s, more is better"), ("p99.9 ms", "999 of 1,000 requests answered within ms, less is better"),
                            ("longest ms", "The longest pause in ms, less is better")):
            at = column(header, name)
            bars(drawing, title, [
                [row[0].replace("cluster, ", "").replace("-XX:+", ""), first(row[at]), row[at], COLOURS[number], None]
                for number, row in enumerate(rows)])
    return drawing


# file, heading that it is shown under, what draws it
PLOTS = [("throughput", "## Under load", throughput), ("latency", "## Under load", latency),
         ("starts", "## Starting and replacing", starts), ("warm-up", "### Warm-up", warm_up),
         ("memory", "## Memory", memory), ("growth", "## Growth", growth), ("gc", "## Garbage collection", garbage)]


def draw(file):
    """Draw a report's tables into a folder beside it, and show the drawings in it."""
    with open(file) as report:
        text = report.read()
    document = Document(text)
    folder = os.path.splitext(file)[0]
    os.makedirs(folder, exist_ok=True)
    # the last first: each is put right below its heading's own text
    for name, heading, plot in reversed(PLOTS):
        drawing = plot(document)
        if drawing.height:
            drawing.height += 10
            with open(os.path.join(folder, f"{name}.svg"), "w") as svg:
                svg.write(drawing.svg())
            text = _show(text, heading, f"![{drawing.title}]({os.path.basename(folder)}/{name}.svg)")
    with open(file, "w") as report:
        report.write(text)
    return folder


def _show(text, heading, image):
    """Put an image behind the first paragraph below a heading, unless it is there."""
    if image in text:
        return text
    head, found, rest = text.partition(f"\n{heading}\n\n")
    if not found:
        return text
    paragraph, gap, rest = rest.partition("\n\n")
    return head + found + paragraph + gap + image + "\n\n" + rest
