"""Functions of one defect each: what the program predicts of them, and what drivers then do."""
import os

from zoo import firmware, linux

VISITS = {"zoo": linux.examine, "zoo-firmware": firmware.examine}
if os.environ.get("VM_FULL"):
    VISITS["zoo-fatal"] = linux.examine_fatal

COLUMNS = ["function", "predicted", "with --probe", "seen", "driver", "its log"]


def table(rows):
    """What was predicted and seen, in Markdown."""
    lines = [COLUMNS, ["---"] * len(COLUMNS)] + [row.cells for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
