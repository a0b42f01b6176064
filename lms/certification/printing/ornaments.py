"""What is drawn round the words: frame, rosettes, seal. All of it is computed; points."""

from math import cos, pi, sin

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

PAPER = HexColor("#FDFCF7")
GREEN = HexColor("#0E3B34")
GREEN_SOFT = HexColor("#2F5C53")
GOLD = HexColor("#A67C2D")
GOLD_LIGHT = HexColor("#D9BE82")
INK = HexColor("#1B2B28")
GREY = HexColor("#5B6A66")


def paper(canvas: Canvas, width: float, height: float) -> None:
    """Tints the sheet and weaves two faint rosettes into it."""
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setLineWidth(0.35)
    canvas.setStrokeColor(Color(0.055, 0.232, 0.204, alpha=0.07))
    for outer, inner, waves in ((230, 150, 24), (190, 96, 18), (140, 60, 12)):
        rosette(canvas, width / 2, height / 2 + 8, outer, inner, waves)


def rosette(canvas: Canvas, x: float, y: float, outer: float, inner: float, waves: int, *, phases: int = 6) -> None:
    """A guilloche: waves between two circles, laid over each other."""
    steps = waves * 20
    middle, swing = (outer + inner) / 2, (outer - inner) / 2
    for phase in range(phases):
        path = canvas.beginPath()
        for step in range(steps + 1):
            turn = 2 * pi * step / steps
            radius = middle + swing * cos(waves * turn + 2 * pi * phase / phases)
            place = (x + radius * cos(turn), y + radius * sin(turn))
            (path.lineTo if step else path.moveTo)(*place)
        path.close()
        canvas.drawPath(path, stroke=1, fill=0)


def frame(canvas: Canvas, width: float, height: float) -> None:
    """A broad green line, a fine gold one, and a turned corner at each end."""
    canvas.setStrokeColor(GREEN)
    canvas.setLineWidth(5)
    canvas.rect(24, 24, width - 48, height - 48)
    canvas.setStrokeColor(GOLD)
    canvas.setLineWidth(0.8)
    notch, edge = 22.0, 34.0
    corners = (
        (edge, edge, 1, 1),
        (width - edge, edge, -1, 1),
        (width - edge, height - edge, -1, -1),
        (edge, height - edge, 1, -1),
    )
    places: list[tuple[float, float]] = []
    for number, (x, y, right, up) in enumerate(corners):
        legs = [(x, y + up * notch), (x + right * notch, y + up * notch), (x + right * notch, y)]
        places += legs if number % 2 == 0 else legs[::-1]
    path = canvas.beginPath()
    path.moveTo(*places[0])
    for place in places[1:]:
        path.lineTo(*place)
    path.close()
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(GOLD)
    for x, y, right, up in corners:
        rosette(canvas, x + right * 10, y + up * 10, 8.5, 3, 8, phases=2)


def rule(canvas: Canvas, x: float, y: float, half: float) -> None:
    """A line that thins out on both sides of a diamond."""
    canvas.setFillColor(GOLD)
    path = canvas.beginPath()
    for side in (-1, 1):
        path.moveTo(x + side * 9, y + 0.6)
        path.lineTo(x + side * half, y)
        path.lineTo(x + side * 9, y - 0.6)
        path.close()
    path.moveTo(x - 4.5, y)
    path.lineTo(x, y + 4.5)
    path.lineTo(x + 4.5, y)
    path.lineTo(x, y - 4.5)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def seal(canvas: Canvas, x: float, y: float) -> None:
    """A gold medal with two ribbons and a tick."""
    for side in (-1, 1):
        canvas.setFillColor(GREEN if side < 0 else GREEN_SOFT)
        path = canvas.beginPath()
        path.moveTo(x + side * 3, y - 18)
        path.lineTo(x + side * 12, y - 62)
        path.lineTo(x + side * 20, y - 54)
        path.lineTo(x + side * 29, y - 59)
        path.lineTo(x + side * 20, y - 16)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColor(GOLD)
    path = canvas.beginPath()
    teeth = 48
    for step in range(2 * teeth):
        radius = 36.0 if step % 2 else 33.6
        place = (x + radius * cos(pi * step / teeth), y + radius * sin(pi * step / teeth))
        (path.lineTo if step else path.moveTo)(*place)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setStrokeColor(GOLD_LIGHT)
    canvas.setLineWidth(0.9)
    canvas.circle(x, y, 30.5)
    canvas.setLineWidth(0.45)
    rosette(canvas, x, y, 29, 21, 30, phases=4)
    canvas.setFillColor(GREEN)
    canvas.circle(x, y, 20, stroke=0, fill=1)
    canvas.setLineWidth(0.8)
    canvas.circle(x, y, 18)
    canvas.setStrokeColor(GOLD_LIGHT)
    canvas.setLineWidth(3.2)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    path.moveTo(x - 8, y)
    path.lineTo(x - 2.2, y - 6)
    path.lineTo(x + 8.5, y + 6.5)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setLineCap(0)
    canvas.setLineJoin(0)
