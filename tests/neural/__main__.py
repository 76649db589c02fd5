"""Record the neural network's loop: ``python -m tests.neural record NOVEL FOLDER``.

NOVEL is the text of *Pride and Prejudice* with its headings "Chapter 1" and so on. A recording that
was stopped goes on where it was.
"""

import argparse
from pathlib import Path

import torch

from tests.neural.corpus import parts_of
from tests.neural.loop import SETTINGS, Source, record
from tests.neural.network import Size
from tests.neural.pack import KEPT, LOGITS, pack


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.neural", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="train and measure, generation by generation")
    recording.add_argument("novel", type=Path)
    recording.add_argument("folder", type=Path)
    recording.add_argument("--generations", type=int, default=8)
    recording.add_argument("--threads", type=int, default=1)
    recording.add_argument("--part", default="1/1", help="1/2 and 2/2 share the settings out")
    packing = commands.add_parser("pack", help="write what the project keeps of a recording")
    packing.add_argument("novel", type=Path)
    packing.add_argument("folder", type=Path)
    options = parser.parse_args()
    size = Size()
    source = Source.of(*parts_of(options.novel), size.pieces)
    if options.command == "pack":
        pack(source, size, options.folder, KEPT, LOGITS)
        return
    torch.set_num_threads(options.threads)
    part, parts = map(int, options.part.split("/"))
    settings = list(SETTINGS[part - 1 :: parts])
    record(source, size, options.folder, settings, options.generations)


if __name__ == "__main__":
    main()
