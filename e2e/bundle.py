"""The client as one file: what most people deploy, and what most runs load, as it spares each page some fifty requests.

`test_bundle.py` loads it as it lies in `reference_app/client`, too.
"""

import subprocess
from pathlib import Path
from shutil import copytree, ignore_patterns

import reference_app

CLIENT = Path(reference_app.__file__).parent / "client"
_ESBUILD = CLIENT.parent / "node_modules" / ".bin" / "esbuild"
_MODULES = ignore_patterns("*.js", "*.json", "*.md")


def bundle(client: Path, into: Path) -> Path:
    """Writes into a new folder the page of `client`, with `main.js` and all that it imports as one file.

    Where esbuild isn't installed (`make` does), its modules stay as they are. Raises ValueError, with what esbuild
    says, if something in them can't be bundled.
    """
    if not _ESBUILD.exists():
        return copytree(client, into)
    copytree(client, into, ignore=_MODULES)
    what = (str(client / "main.js"), "--bundle", "--format=esm", f"--outfile={into / 'main.js'}", "--log-level=warning")
    done = subprocess.run([str(_ESBUILD), *what], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"the client can't be bundled: {done.stderr.strip()}")
    return into
