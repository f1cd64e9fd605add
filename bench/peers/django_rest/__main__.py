"""Starts gunicorn: one process, of threads that keep their connections."""

import os
import sys

from bench.peers.shared import PORT

os.execv(
    sys.executable,
    [
        sys.executable, "-m", "gunicorn", "bench.peers.django_rest.wsgi:application",
        f"--bind=127.0.0.1:{PORT}", "--workers=1", "--threads=4", "--log-level=warning",
    ],
)  # fmt: skip
