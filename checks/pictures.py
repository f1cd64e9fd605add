"""The README's pictures: a board, and an animation of two people's pages side by side."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

FOLDER = Path("docs/pictures").resolve()
BYTES = 1_000_000  # at most, of each picture
BAR, GAP = 28, 12
GROUND, INK = "#d5d8e0", "#4a4d57"

# A headless browser draws neither the pointer nor what is dragged.
POINTER = """
([x, y, dragged]) => {
  document.querySelector("#pointer")?.remove();
  const pointer = document.createElement("div");
  pointer.id = "pointer";
  Object.assign(pointer.style, {
    position: "fixed", left: `${x}px`, top: `${y}px`, zIndex: 99, pointerEvents: "none",
  });
  if (dragged) {
    const card = dragged.querySelector(".card").cloneNode(true);
    card.classList.remove("dragged");
    Object.assign(card.style, {
      position: "absolute", left: `${-dragged.offsetWidth / 2}px`, top: "-20px", opacity: 0.95,
      width: `${dragged.offsetWidth}px`, rotate: "2deg", boxShadow: "var(--shadow-high)",
    });
    pointer.append(card);
  }
  const arrow = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  arrow.setAttribute("width", 22);
  arrow.setAttribute("height", 26);
  Object.assign(arrow.style, { position: "absolute", left: 0, top: 0, overflow: "visible" });
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M1 1v19l5-4.5 3.5 8 3.5-1.5-3.5-8h7z");
  path.setAttribute("fill", "#111");
  path.setAttribute("stroke", "#fff");
  path.setAttribute("stroke-width", 1.5);
  arrow.append(path);
  pointer.append(arrow);
  document.body.append(pointer);
}
"""


class Film:
    """Frames of several people's pages, side by side."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self.pages = pages
        self.frames: list[tuple[int, list[bytes]]] = []

    def take(self, milliseconds: int) -> None:
        """Add a frame that is shown for so long."""
        shots = [page.screenshot(scale="css") for page in self.pages.values()]
        self.frames.append((milliseconds, shots))

    def point(self, page: Page, x: float, y: float, dragged: Any = None) -> None:
        """Draw the pointer, and the card that it drags, and take a frame."""
        page.evaluate(POINTER, [x, y, dragged])
        self.take(60)

    def save(self, path: Path) -> None:
        """Write an animation that begins again at its end."""
        durations = [milliseconds for milliseconds, _ in self.frames]
        first, *others = [self._composed(shots) for _, shots in self.frames]
        first.save(
            path, save_all=True, append_images=others, duration=durations, loop=0,
            lossless=True, method=4, minimize_size=True,
        )  # fmt: skip

    def _composed(self, shots: Sequence[bytes]) -> Image.Image:
        images = [Image.open(BytesIO(shot)).convert("RGB") for shot in shots]
        width = sum(image.width + GAP for image in images) + GAP
        frame = Image.new("RGB", (width, images[0].height + BAR + GAP), GROUND)
        draw = ImageDraw.Draw(frame)
        left = GAP
        for name, image in zip(self.pages, images, strict=True):
            middle = left + image.width / 2
            draw.text((middle, BAR / 2), name, INK, ImageFont.load_default(16), anchor="mm")
            frame.paste(image, (left, BAR))
            left += image.width + GAP
        return frame
