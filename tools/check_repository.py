"""What must never be in the repository, looked for in every tracked file and in the front-end files of others.

Prints each finding as `path:line: what`, and fails if there is one. Asks nothing of the network.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
# This file names what it looks for.
ITSELF = "tools/check_repository.py"


@dataclass(frozen=True)
class Rule:
    """A pattern that may not stand in the files whose path matches `where` (and not `except_where`)."""

    what: str
    pattern: str
    where: str
    except_where: str = r"$^"

    def findings(self, path, lines):
        if not re.search(self.where, path) or re.search(self.except_where, path):
            return
        for number, line in enumerate(lines, start=1):
            if re.search(self.pattern, line):
                yield f"{path}:{number}: {self.what}: {line.strip()[:100]}"


PAGES = r"^templates/"
# Papers and letters are typeset or read in mail programs, which know nothing but inline styles.
LETTERS = r"^templates/(letters|papers)/|\.(typ|svg|txt)$"

HYGIENE = [
    Rule(
        "the host of a package registry",
        r"https?://[a-z0-9.-]*(pypi|pythonhosted|npmjs|npmmirror|yarnpkg|debian)[a-z0-9.-]*",
        r".",
    ),
    Rule(
        "an address in a lock file",
        r"https?://|file:|\"resolved\"|@ [a-z]+:",
        r"(\.lock|package-lock\.json)$",
    ),
    Rule(
        "a path of one machine",
        rf"(^|[^\w.\-])/(home|root|tmp|Users)/|{re.escape(str(HERE))}",
        r".",
        r"\.svg$|^tests/samples/",
    ),
    Rule(
        "left undone",
        r"\b(TODO|FIXME|XXX|raise NotImplementedError)\b",
        r"^(yishang_crm|templates|static|migrations)/",
    ),
    Rule(
        "a page that calls a foreign host",
        r"""(src|href|action|hx-\w+|srcset|poster|data)\s*=\s*["'](https?:)?//""",
        r"^(templates|static)/",
        r"^static/vendor/|" + LETTERS,
    ),
    Rule("a foreign host", r"""(@import|url\()\s*["']?(https?:)?//""", r"^static/(?!vendor/).*\.css$"),
    Rule(
        "a foreign host",
        r"""(fetch|import|importScripts|WebSocket|EventSource)\(\s*["'`](https?:|wss?:)?//""",
        r"^static/(?!vendor/).*\.js$",
    ),
    Rule("inline style", r"""\sstyle=["'{]|<style\b""", PAGES, LETTERS),
    Rule(
        "inline script",
        r"""<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*["']|javascript:|hx-on""",
        PAGES,
        LETTERS,
    ),
]

# The pages run on Chromium 86 (UOS, Windows 7). An honest list of what came later and is easily written without
# thinking. What an older browser skips without harm (accent-color, text-wrap, scrollbar-width) is not in it, and a
# line that asks first (@supports, typeof, `in window`) passes.
NEWER_STYLES = {
    r":has\(": ":has() (105)",
    r":(is|where)\(": ":is(), :where() (88)",
    r":not\([^()]*,": ":not() with a list (88)",
    r":user-(in)?valid": ":user-valid (119)",
    r"\bcolor-mix\(": "color-mix() (111)",
    r"\blight-dark\(": "light-dark() (123)",
    r"\b(oklch|oklab|lab|lch|hwb)\(": "new color spaces (101, 111)",
    r"@layer\b": "@layer (99)",
    r"@container\b|\bcontainer-(type|name)\s*:": "container queries (105)",
    r"@scope\b": "@scope (118)",
    r"@starting-style": "@starting-style (117)",
    r"^\s*&|[{;]\s*&": "nesting (112)",
    r"(?<![-\w])aspect-ratio\s*:": "aspect-ratio (88)",
    r"(?<![-\w])(inset|(inset|margin|padding)-(inline|block))\s*:": "inset and logical shorthands (87)",
    r"\d(svh|lvh|dvh|svw|lvw|dvw|cqw|cqi)\b": "new units (105, 108)",
    r"\bsubgrid\b": "subgrid (117)",
    r"\boverflow(-[xy])?\s*:\s*clip": "overflow: clip (90)",
    r"(?<![-\w])(translate|rotate|scale)\s*:": "transforms of their own (104)",
    r"@media[^{]*\(\s*[\w-]+\s*[<>]": "ranges in @media (104)",
}
NEWER_SCRIPTS = {
    r"\.at\(": ".at() (92)",
    r"\bstructuredClone\(": "structuredClone() (98)",
    r"\.(findLast|findLastIndex|toSorted|toReversed|toSpliced)\(": "findLast() and the like (97, 110)",
    r"\bObject\.(hasOwn|groupBy)\b": "Object.hasOwn(), Object.groupBy() (93, 117)",
    r"\b(Promise\.withResolvers|Array\.fromAsync)\b": "Promise.withResolvers(), Array.fromAsync() (119, 121)",
    r"\bstatic\s*\{": "static blocks (94)",
    r"#\w+\s+in\s+\w": "#private in (91)",
    r"^await\s": "await outside a function (89)",
    r"\bAbortSignal\.(timeout|any)\b": "AbortSignal.timeout() (103)",
    r"\bcrypto\.randomUUID\b": "crypto.randomUUID() (92)",
    r"\.(showPicker|checkVisibility)\(": "showPicker(), checkVisibility() (99, 105)",
    r"\.(show|hide|toggle)Popover\(": "popover (114)",
    r"\bError\([^)]*\{\s*cause\b": "the cause of an Error (93)",
}
GUARD = re.compile(r"@supports|\bin (window|document|navigator)\b|\btypeof\b")


def main():
    findings = [finding for path in tracked_files() for finding in look_into(path)]
    for path in front_end_files():
        findings += look_for_newer_features(path)
    print("\n".join(findings) if findings else "The repository holds nothing that it must not hold.")
    return 1 if findings else 0


def tracked_files():
    """Paths of all files that are in git or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    asked = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if asked.returncode:
        sys.exit("This folder is not a git repository, so nobody knows which of its files are kept.")
    listed = asked.stdout
    return [path for path in listed.split("\0") if path and path != ITSELF and (HERE / path).is_file()]


def look_into(path):
    lines = read_lines(path)
    return [finding for rule in HYGIENE for finding in rule.findings(path, lines)]


def front_end_files():
    """Our own sheets and scripts, and those of others once set-up has brought them."""
    return sorted(
        file.relative_to(HERE).as_posix()
        for kind in ("css", "js")
        for file in (HERE / "static").rglob(f"*.{kind}")
    )


def look_for_newer_features(path):
    features = NEWER_STYLES if path.endswith(".css") else NEWER_SCRIPTS
    # The one long line of a minified file always asks for something somewhere; there, asking excuses nothing.
    lines = ["" if GUARD.search(line) and len(line) < 400 else line for line in without_comments(path)]
    rules = [Rule(f"newer than Chromium 86, {name}", pattern, r".") for pattern, name in features.items()]
    return [finding for rule in rules for finding in rule.findings(path, lines)]


def without_comments(path):
    text = "\n".join(read_lines(path))
    return re.sub(
        r"/\*.*?\*/", lambda comment: "\n" * comment.group().count("\n"), text, flags=re.DOTALL
    ).split("\n")


def read_lines(path):
    """Lines of a text file; of anything else, none."""
    try:
        return (HERE / path).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        return []


if __name__ == "__main__":
    sys.exit(main())
