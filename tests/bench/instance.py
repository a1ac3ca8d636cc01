"""A made-up world of any size in a folder of its own, filled as an operator would, and what there is to ask of it."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "江水东流去也-2026"
LIAISON, COUNTY, COUNTY_CODE = "liaison300", "tongcheng", "340881"
EDITION = "bench"
LETTERS = 2000  # held for the click that releases them
ROOT = Path(__file__).resolve().parents[2]
_MARK = "filled.json"


@dataclass(frozen=True)
class Instance:
    """`probes`: see `arranging.probes`."""

    folder: Path
    people: int
    filled_in: float | None
    probes: dict[str, Any]


def filled(folder: Path, people: int) -> Instance:
    """A world in `folder`: the one that stands there already, whatever its size, or a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    mark, took = folder / _MARK, None
    if not mark.exists():
        took = _run(
            [
                str(Path(sys.executable).with_name("yishang")),
                "demo",
                "--people",
                str(people),
                "--password",
                PASSWORD,
            ],
            folder,
        )
        mark.write_text(json.dumps({"people": people}))
    people = json.loads(mark.read_text())["people"]
    _run([sys.executable, "-m", "tests.bench.arranging", str(folder)], folder)
    return Instance(folder, people, took, json.loads((folder / "probes.json").read_text("utf-8")))


def _run(command: list[str], folder: Path) -> float:
    """Seconds it took. In a process of its own: keys and caches of two worlds do not mix."""
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"YISHANG_INSTANCE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return time.perf_counter() - begun
