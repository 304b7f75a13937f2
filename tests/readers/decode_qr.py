#!/usr/bin/env python3
"""QR codes of links, decoded by zbarimg: the SVG drawn by rsvg-convert, the terminal's by its blocks.

    decode_qr.py PRINT_QR
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

PIXELS = 6  # a module's side
TOKEN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM-_12"
TEXTS = [
    f"webcal://times.example.org/f/{TOKEN}.ics",
    f"https://times.example.org/f/{TOKEN}",
    "https://times.example.org/r/" + TOKEN[:22],
]


def run(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def decoded(image):
    return run("zbarimg", "--quiet", "--raw", str(image)).decode().rstrip("\n")


def terminal_picture(text):
    """The characters of a terminal as a PBM picture."""
    rows = []
    for line in text.splitlines():
        blocks = line.removeprefix("\033[30;107m").removesuffix("\033[0m")
        rows.append([block in "▀█" for block in blocks])
        rows.append([block in "▄█" for block in blocks])
    lines = [" ".join(str(int(dark)) for dark in row for _ in range(PIXELS)) for row in rows]
    picture = "\n".join(line for line in lines for _ in range(PIXELS))
    return f"P1\n{len(rows[0]) * PIXELS} {len(rows) * PIXELS}\n{picture}\n"


def main():
    missing = [tool for tool in ("zbarimg", "rsvg-convert") if not shutil.which(tool)]
    if missing:
        print(f"1..0 # SKIP not installed: {', '.join(missing)}")
        return
    print(f"1..{2 * len(TEXTS)}")
    with tempfile.TemporaryDirectory() as folder:
        svg, png, pbm = (pathlib.Path(folder) / name for name in ("q.svg", "q.png", "q.pbm"))
        for number, text in enumerate(TEXTS):
            svg.write_bytes(run(sys.argv[1], "svg", text))
            run("rsvg-convert", str(svg), "-o", str(png))
            pbm.write_text(terminal_picture(run(sys.argv[1], "terminal", text).decode()))
            for offset, image in enumerate((png, pbm), 1):
                same = decoded(image) == text
                print(f"{'' if same else 'not '}ok {2 * number + offset} - {image.name} {text}")


main()
