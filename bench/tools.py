"""Finds our program and the others on this machine."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Optional, Tuple

from measurement import Failure

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "model-signing"


@dataclass
class Tools:
    """The programs, by path; what is not found is None and named in skipped."""

    openssl: Optional[str] = None
    openssl_blake2b: bool = False
    b3sum: Optional[str] = None
    xargs: Optional[str] = None
    dd: Optional[str] = None
    diff: Optional[str] = None
    java: int = 17
    """The major version of the Java that the launcher takes."""
    published: Optional[Path] = None
    """The folder with published models, which stands beside the project."""
    python_client: Optional[str] = None
    python: Optional[str] = None
    go_client: Optional[str] = None
    oras: Optional[str] = None
    registry: Optional[str] = None
    versions: Dict[str, str] = field(default_factory=dict)
    skipped: Dict[str, str] = field(default_factory=dict)


def _asked(*argv: str, **environment: str) -> Tuple[int, str]:
    found = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
    )
    return found.returncode, found.stdout.decode(errors="replace").strip()


def prepare_launcher(say, launcher: Path = LAUNCHER) -> Dict[str, str]:
    """Builds our program, waits for its archive of classes, and says what runs it."""
    say(f"building {launcher} if need be")
    options = " ".join((os.environ.get("JAVA_OPTS", ""), "-XshowSettings:properties"))
    code, said = _asked(str(launcher), "--version", JAVA_OPTS=options.strip())
    if code != 0:
        raise Failure(f"{launcher} does not run: {said[-2000:]}")
    properties = dict(re.findall(r"^ +([\w.]+) = (.*)$", said, re.MULTILINE))
    version = re.search(r"^model-signing, version (.*)$", said, re.MULTILINE)
    versions = {
        "model-signing": version.group(1) if version else "unknown",
        "Java": f"{properties.get('java.runtime.version')} ({properties.get('java.vendor')})",
    }

    # The launcher makes the archive behind the first command. Its trace tells when it is used.
    say("waiting for the archive of classes")
    for _ in range(60):
        _, trace = _asked("sh", "-x", str(launcher), "--version")
        if re.search(r"^\+ exec .*-XX:(SharedArchiveFile|AOTCache)=", trace, re.MULTILINE):
            versions["archive of classes"] = "used"
            break
        time.sleep(1)
    else:
        versions["archive of classes"] = "none"
        say("warning: the launcher uses no archive of classes, so it starts slowly")
    return versions


def find(python_client: Optional[str], go_client: Optional[str], published: Path) -> Tools:
    """Finds the other programs."""
    tools = Tools(
        xargs=shutil.which("xargs"), dd=shutil.which("dd"), diff=shutil.which("diff")
    )
    for name in ("xargs", "dd", "diff"):
        if not getattr(tools, name):
            tools.skipped[name] = "install it"
    tools.java = _java()
    if (published / "historical").is_dir():
        tools.published = published.absolute()
    else:
        tools.skipped["published models"] = "give their folder with --published"

    tools.openssl = shutil.which("openssl")
    if tools.openssl:
        tools.versions["openssl"] = _asked(tools.openssl, "version")[1]
        tools.openssl_blake2b = _asked(tools.openssl, "dgst", "-blake2b512", os.devnull)[0] == 0
        if not tools.openssl_blake2b:
            tools.skipped["openssl dgst -blake2b512"] = "this openssl has none; install a newer one"
    else:
        tools.skipped["openssl"] = "install the package openssl"

    tools.b3sum = shutil.which("b3sum")
    if tools.b3sum:
        tools.versions["b3sum"] = _asked(tools.b3sum, "--version")[1]
    else:
        tools.skipped["b3sum"] = "install the package b3sum, or run: cargo install b3sum"

    _find_python(tools, python_client)
    _find_registry(tools)

    if go_client:
        tools.go_client = _existing(go_client, "--go-client")
        tools.versions["Go model-signing"] = _go_version(tools.go_client)
    else:
        tools.skipped["Go model-signing"] = "build it and give its path with --go-client"
    return tools


def _java() -> int:
    """Found as the launcher finds it; without one, the launcher says what is missing."""
    home = os.environ.get("JAVA_HOME")
    program = os.path.join(home, "bin/java") if home else shutil.which("java")
    if not program or not os.access(program, os.X_OK):
        return 17
    said = _asked(program, "-XshowSettings:properties", "-version")[1]
    found = re.search(r"^ +java\.specification\.version = (\d+)$", said, re.MULTILINE)
    return int(found[1]) if found else 17


def _go_version(program: str) -> str:
    """Its version and that of Go, of the table that comes behind a picture of letters."""
    code, said = _asked(program, "version")
    fields = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
    found = (fields.get(name, "").strip() for name in ("GitVersion", "GoVersion"))
    return " ".join(each for each in found if code == 0 and each) or "unknown"


def _find_python(tools: Tools, given: Optional[str]) -> None:
    name = "Python model_signing"
    client = given or os.environ.get("MODEL_SIGNING_PYTHON")
    if client:
        client = _existing(client, "--python-client or MODEL_SIGNING_PYTHON")
    else:
        installed = ROOT / ".cache/python/bin/model_signing"
        client = str(installed) if installed.exists() else None
    if not client:
        tools.skipped[name] = "run: integration/python/install .cache/python"
        return
    # Only the library hashes without signing, so its own interpreter is needed as well.
    python = Path(client).with_name("python")
    if not python.exists():
        raise Failure(f"{client}: expected a client in a virtual environment, found no python there")
    code, said = _asked(client, "--version")
    if code != 0:
        raise Failure(f"{client} does not run: {said[-2000:]}")
    tools.python_client, tools.python = client, str(python)
    tools.versions[name] = said.rpartition(" ")[2]
    tools.versions["Python"] = _asked(tools.python, "--version")[1].rpartition(" ")[2]


def _find_registry(tools: Tools) -> None:
    directory = Path(os.environ.get("MODEL_SIGNING_OCI") or ROOT / ".cache/oci").absolute()
    oras, registry = (directory / "bin" / name for name in ("oras", "registry"))
    if not (oras.exists() and registry.exists()):
        tools.skipped["oras and a registry"] = "run: integration/oci/install .cache/oci"
        return
    tools.oras = _existing(str(oras), "MODEL_SIGNING_OCI")
    tools.registry = _existing(str(registry), "MODEL_SIGNING_OCI")
    version = re.search(r"^Version: *(\S+)", _asked(tools.oras, "version")[1], re.MULTILINE)
    tools.versions["oras"] = version.group(1) if version else "unknown"
    # The first line is: PROGRAM PACKAGE VERSION
    tools.versions["distribution"] = _asked(tools.registry, "--version")[1].rpartition(" ")[2]


def _existing(path: str, origin: str) -> str:
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        raise Failure(f"{path}, from {origin}, is not a program")
    return os.path.abspath(path)
