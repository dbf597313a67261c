"""Usage: python3 -B Tests/Hostile PROGRAM STATIC-PROGRAM [WORD...]"""
import importlib
import os
import sys
import tempfile
import time
from pathlib import Path

import hostile


def main():
    program, static, *words = sys.argv[1:]
    for module in sorted(Path(__file__).parent.glob("*_cases.py")):
        importlib.import_module(module.stem)
    wrong = 0
    for case in hostile.CASES:
        if not all(word in case.name for word in words):
            continue
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            bench = hostile.Bench(os.path.abspath(program), os.path.abspath(static), folder)
            try:
                case.function(bench)
                result = "ok"
            except hostile.Skipped as reason:
                result = f"skipped: {reason}"
            except hostile.Wrong as reason:
                wrong += 1
                result = f"WRONG: {reason}"
        print(f"{result:8} {time.monotonic() - begin:6.1f} s  {case.name}", flush=True)
    sys.exit(1 if wrong else 0)


main()
