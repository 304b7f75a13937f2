"""Writes a file as a C array, so that the daemon needs no file beside it: embed.py IN OUT NAME.

A NUL that NAME_length does not count follows the bytes. NAME_digest is 32 hexadecimal digits that
change with them.
"""
import hashlib
import sys

source, target, name = sys.argv[1:]
with open(source, "rb") as file:
    data = file.read()
with open(target, "w", encoding="ascii") as out:
    out.write(f"#include <stddef.h>\n\nextern const unsigned char {name}[];\n")
    out.write(f"extern const size_t {name}_length;\nextern const char {name}_digest[];\n\nconst unsigned char {name}[] = {{\n")
    for at in range(0, len(data), 20):
        out.write("".join(f"{byte}," for byte in data[at:at + 20]) + "\n")
    out.write(f"0}};\nconst size_t {name}_length = {len(data)};\n")
    out.write(f'const char {name}_digest[] = "{hashlib.blake2b(data, digest_size=16).hexdigest()}";\n')
