"""Measures Corkboard beside other servers, and writes docs/performance.md.

`python -m bench [--quick] [--only PART,…]`; what was measured before is kept in build/bench.json.
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bench.load import ROOT
from bench.measure import LONG, PARTS, QUICK, Part
from bench.report import machine, write
from embedded_postgres.server import embedded_postgres

# A server as in production, which isn't spared for being tested.
ENVIRONMENT = {
    "ENVIRONMENT": "production",
    "HOST": "127.0.0.1",
    "WORKERS": "1",
    "DATABASE_POOL": "10",
    "COOKIE_SECURE": "true",
    "CORS_ORIGINS": "",
    "TRUSTED_PROXIES": "",
    "RATE_LIMIT_LOGIN": "off",
}


BUILD = ROOT / "build"
DOCS = ROOT / "docs"


def main() -> None:
    parser = argparse.ArgumentParser("bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[*PARTS, "report"])
    given = parser.parse_args()
    if unknown := {*given.only} - {*PARTS, "report"}:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}, report")
    os.environ |= {**ENVIRONMENT, "JWT_SECRET": secrets.token_urlsafe(48)}
    BUILD.mkdir(exist_ok=True)
    # The quick form's figures mean nothing, and replace none.
    file = BUILD / ("bench-quick.json" if given.quick else "bench.json")
    results = json.loads(file.read_text()) if file.exists() else {}
    chosen = {name: measure for name, measure in PARTS.items() if name in given.only}
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder, "data")) as url:
        for name, measure in chosen.items():
            begin = time.monotonic()
            print(f"== {name}", flush=True)
            parts = measure(url, QUICK if given.quick else LONG)
            asyncio.run(keep(parts, name, results, file))
            print(f"== {name} took {time.monotonic() - begin:.0f} s", flush=True)
    if "report" in given.only:
        write(json.loads(file.read_text()), file, BUILD if given.quick else DOCS)


async def keep(parts: AsyncIterator[Part], name: str, results: Part, file: Path) -> None:
    """Write what is measured each time that there is more, since it may be interrupted."""
    async for part in parts:
        part["measured"] = datetime.now(UTC).date().isoformat()
        results |= {name: part, "machine": machine()}
        file.write_text(json.dumps(results, indent=1))  # noqa: ASYNC240  # nothing else runs


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # through all `finally`s
    main()
