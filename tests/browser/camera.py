"""A camera that looks at a page: a still picture of it as a film, and what makes Chromium take it for its camera."""

import base64
from pathlib import Path

from playwright.sync_api import Locator

WIDTH, HEIGHT = 640, 480
# Draws the picture into the middle of a frame, as a hand holds a phone, and gives the brightness of each dot.
_BRIGHTNESS = """async ([picture, width, height]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + picture)).blob());
  const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext("2d");
  const scale = 0.9 * Math.min(width / image.width, height / image.height);
  pen.fillStyle = "#777";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, (width - image.width * scale) / 2, (height - image.height * scale) / 2, image.width * scale, image.height * scale);
  const dots = pen.getImageData(0, 0, width, height).data;
  let bright = "";
  for (let at = 0; at < dots.length; at += 4) bright += String.fromCharCode((dots[at] * 54 + dots[at + 1] * 183 + dots[at + 2] * 19) >> 8);
  return btoa(bright);
}"""


def film(shown: Locator, folder: Path) -> Path:
    """What stands on a page as a film in YUV4MPEG2, one frame again and again."""
    picture = base64.b64encode(shown.screenshot()).decode()
    blank = shown.page.context.new_page()  # about:blank has no content policy in the way
    brightness = base64.b64decode(blank.evaluate(_BRIGHTNESS, [picture, WIDTH, HEIGHT]))
    blank.close()
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    path = folder / "pass.y4m"
    path.write_bytes(
        f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
        + 5 * (b"FRAME\n" + brightness + grey)
    )
    return path


def seeing(path: Path) -> list[str]:
    """Arguments of a Chromium whose camera sees the film, and which asks nobody whether it may."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
